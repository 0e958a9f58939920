package wootest

import "github.com/ankkor/ankkor/woo/wootest/internal/site"

func bySKU(st *site.State, sku string) int64 {
	for id, p := range st.Products {
		if p.SKU == sku && p.Status != "trash" {
			return id
		}
	}
	return 0
}
