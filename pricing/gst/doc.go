// Package gst makes India's goods and services tax easy on top of package quote: the tax classes of a shop, goods whose
// class depends on their price, the rows of a tax invoice, and the check of a GSTIN.
//
//	rates, err := quote.GSTRates("MH", gst.Slabs()...)       // CGST+SGST at home, IGST elsewhere
//	in, err = gst.Classify(in, gst.Apparel(clothes))         // 5 % up to ₹2,500 a piece, 18 % above
//	q, err := quote.Calculate(in)
//	invoice, err := gst.NewInvoice(q, rates)                 // taxable value and tax by rate
//
// Goods are supplied where they are delivered, so which of CGST with SGST (or UTGST) and IGST is charged follows from the
// shipping address; quote.GSTRates builds the table that does so.
//
// Rates of goods change by notification, and which good has which rate is for the shop to know. What is here is how the
// rates are charged, not advice on which.
package gst
