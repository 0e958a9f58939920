package orders

import "github.com/ankkor/ankkor/woo/wootest/internal/site"

// BySKU is the id of the product with the SKU that is not in the trash, 0 for none
// (wc_get_product_id_by_sku).
func BySKU(st *site.State, sku string) int64 {
	for id, p := range st.Products {
		if p.SKU == sku && p.Status != "trash" {
			return id
		}
	}
	return 0
}

// BorrowEmail is WC_Order::maybe_set_user_billing_email: an order without a
// billing e-mail takes its customer's.
func BorrowEmail(st *site.State, o *site.Order) {
	if u := st.Users[o.CustomerID]; u != nil && o.Billing.Email == "" {
		o.Billing.Email = u.Email
	}
}
