package pgstore

import (
	"context"
	"database/sql"

	"github.com/ankkor/ankkor/checkout"
)

var _ checkout.CashHistory = (*Store)(nil)

// CashHistory implements [checkout.CashHistory]: the customer's orders are found by an index, and what counts is decided by
// [checkout.CashRecord.Count]. Of somebody whose data was erased only the owner is known.
func (s *Store) CashHistory(ctx context.Context, who checkout.CashCustomer) (checkout.CashRecord, error) {
	const statement = `SELECT ` + keptColumns + ` FROM {schema}.checkouts
		WHERE status NOT IN ('open', 'pending_payment') AND ARRAY[
			'o' || owner,
			'p' || nullif(personal -> 'billing' ->> 'phone', ''),
			'p' || nullif(personal -> 'shipping' ->> 'phone', ''),
			'e' || nullif(personal -> 'billing' ->> 'email', '')
		] && ARRAY['o' || nullif($1::text, ''), 'p' || nullif($2::text, ''), 'e' || nullif($3::text, '')]`
	records, err := list(ctx, s, "reading a history of cash orders", func(rows *sql.Rows) (checkout.Record, error) { return scanKept(rows) }, statement, string(who.Owner), who.Phone, who.Email)
	var past checkout.CashRecord
	for _, r := range records {
		past = past.Count(r, who)
	}
	return past, err
}
