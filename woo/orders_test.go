package woo_test

import (
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

const mugToken = "tok_01J0000000MUG"

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// mugQuote is one mug at ₹499 with GST inside, sent from Maharashtra to
// Karnataka.
func mugQuote() quote.Quote {
	return quote.Quote{
		Currency: pricing.INR, Decimals: 2,
		Lines: []quote.QuoteLine{{
			ProductID: 16, Quantity: 1, Subtotal: dec("445.535714"), Total: dec("445.535714"),
			SubtotalTax: dec("53.46"), TotalTax: dec("53.46"),
		}},
		Totals: quote.Totals{TotalTax: pricing.Paise(5346), Total: pricing.Paise(49900)},
	}
}

func mugOrder() checkout.OrderRequest {
	ravi := checkout.Address{
		FirstName: "Ravi", LastName: "Iyer", Address1: "14 Brigade Road", City: "Bengaluru", District: "Bengaluru Urban",
		State: "KA", Postcode: "560001", Country: "IN", Email: "ravi@example.test", Phone: "+919812345678",
	}
	return checkout.OrderRequest{
		Token: mugToken, Quote: mugQuote(), Billing: ravi, Shipping: ravi,
		PaymentMethod: "razorpay", PaymentMethodTitle: "UPI, card, net banking",
	}
}
