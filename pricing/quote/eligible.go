package quote

import "slices"

// coupon is a Coupon with its amount read and its lists looked up.
type coupon struct {
	*Coupon
	// fixed is the amount in cents, percent the same number as PHP holds it.
	fixed   amount
	percent double
	// on says for each line which of the coupon's lists it is in.
	on []listed
}

// listed tells in which of a coupon's lists a line is; a variation is in them with its parent.
type listed struct {
	product, category, excludedProduct, excludedCategory, onSale bool
}

// look finds the lines in the coupon's lists.
func (cp *coupon) look(items []item) {
	cp.on = make([]listed, len(items))
	for i := range items {
		it := &items[i]
		cp.on[i] = listed{
			product:          it.isOneOf(cp.ProductIDs),
			category:         it.isIn(cp.CategoryIDs),
			excludedProduct:  it.isOneOf(cp.ExcludedProductIDs),
			excludedCategory: it.isIn(cp.ExcludedCategoryIDs),
			onSale:           it.OnSale,
		}
	}
}

// covers says whether a coupon on products applies to a line (WC_Coupon::is_valid_for_product).
func (cp *coupon) covers(l listed) bool {
	if len(cp.ProductIDs) > 0 || len(cp.CategoryIDs) > 0 {
		if !l.product && !l.category {
			return false
		}
	}
	return !l.excludedProduct && !l.excludedCategory && !(cp.ExcludeSaleItems && l.onSale)
}

// any says whether some line is as described.
func (cp *coupon) any(is func(listed) bool) bool { return slices.ContainsFunc(cp.on, is) }

// isOneOf says whether the product or its parent is in the list.
func (i *item) isOneOf(ids []int64) bool {
	return slices.Contains(ids, i.product) || (i.parent != 0 && slices.Contains(ids, i.parent))
}

// isIn says whether the product is in one of the categories.
func (i *item) isIn(categories []int64) bool {
	return slices.ContainsFunc(i.CategoryIDs, func(id int64) bool { return slices.Contains(categories, id) })
}
