// Package wire is a request as the store sees it and the answer it gives, before
// and after net/http.
//
// The body of a Request has been read and a Reply is whole before a byte of it is
// sent, so that a fault can lose, cut or replace it and know what the effect was.
// Error is the refusal of a REST controller in WooCommerce's own words; UserError
// that of a GraphQL field. A Race makes requests overlap on purpose.
package wire
