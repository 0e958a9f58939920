// Package pricing holds exact money and reads the price texts of a
// WooCommerce store.
//
// # Money
//
// A [Money] is whole minor units and a currency: 49900 paise, not 499.0
// rupees. It is made from minor units ([New], [Paise]), from a plain decimal
// ([Parse]) or from a decimal.Decimal with a named rounding ([FromDecimal]);
// there is no way in from a float. What is finer than a minor unit, such as a
// price without tax at six decimals, stays a decimal.Decimal until a rounding
// is due.
//
// Range: ±92,233,720,368,547,758.07 rupees. Every operation that could leave
// it answers [ErrOverflow]; nothing wraps around and nothing panics. Amounts
// of different currencies do not add, subtract or compare: that is a
// [CurrencyMismatchError]. The zero value is nothing, fits any currency and
// is where a sum begins.
//
// Rounding happens in three places only. FromDecimal rounds as it is told.
// [Money.Split] and [Money.Prorate] hand out the units that do not divide, in
// a documented order, so that the parts always add up. [Format] rounds for
// display.
//
// Money encodes as {"amount":"499.00","currency":"INR"} in JSON and as
// "INR 499.00" in text and SQL columns. The decoders accept exactly that.
// They do not depend on the global settings of package decimal.
//
// # Price texts
//
// WooCommerce sends prices as its theme shows them: "₹1,299.00" over GraphQL,
// HTML with entities and screen-reader text over REST, "₹499.00 - ₹1,299.00"
// for a product with variations, nothing at all for one that cannot be
// bought. A [PriceParser] turns such a text into a [Price], or an error:
//
//   - [ErrNoPrice]: there is no amount, which is not the same as zero;
//   - [ErrAmbiguous]: there are two readings, and guessing is not an option;
//   - [ErrInvalid]: the text is malformed, and no store writes it.
//
// [NewParser] makes one from the store's own settings, a [Format]: "1.299" is
// a thousand and more in Berlin, and an excess digit in Bengaluru. Within
// these settings everything is read that wc_price, wc_format_price_range,
// wc_format_sale_price, get_price_html and WooGraphQL write, with Western and
// Indian grouping alike: ₹100,000.50 and ₹1,00,000.50 are one amount.
// [ParseRaw] reads stored numbers, which look the same in every store.
//
// The same Format writes: [Format.Money] answers ₹1,23,456.50.
//
// Package pricingtest is the conformance suite for parsers of your own.
package pricing
