package wootest

func (st *state) bySKU(sku string) int64 {
	for id, p := range st.products {
		if p.SKU == sku && p.Status != "trash" {
			return id
		}
	}
	return 0
}
