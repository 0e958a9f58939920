package quote

import "slices"

// coupon is a Coupon with its amount read.
type coupon struct {
	*Coupon
	// fixed is the amount in cents, percent the same number as PHP holds it.
	fixed   amount
	percent float64
}

// covers says whether a coupon on products applies to a line (WC_Coupon::is_valid_for_product).
func (cp *coupon) covers(it *item) bool {
	if len(cp.ProductIDs) > 0 || len(cp.CategoryIDs) > 0 {
		if !it.isOneOf(cp.ProductIDs) && !it.isIn(cp.CategoryIDs) {
			return false
		}
	}
	if it.isOneOf(cp.ExcludedProductIDs) || it.isIn(cp.ExcludedCategoryIDs) {
		return false
	}
	return !cp.ExcludeSaleItems || !it.OnSale
}

// isOneOf says whether the product or its parent is in the list.
func (i *item) isOneOf(ids []int64) bool {
	return slices.Contains(ids, i.product) || (i.parent != 0 && slices.Contains(ids, i.parent))
}

// isIn says whether the product is in one of the categories.
func (i *item) isIn(categories []int64) bool {
	return slices.ContainsFunc(i.CategoryIDs, func(id int64) bool { return slices.Contains(categories, id) })
}
