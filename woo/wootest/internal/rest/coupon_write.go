package rest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// couponSchema are the writable fields of a coupon. date_expires_gmt can be
// sent and is ignored, because WC_Coupon has no such setter.
var couponSchema = []field{
	{name: "code", kind: "string"}, {name: "amount", kind: "string"}, {name: "status", kind: "string"},
	{name: "discount_type", kind: "string", enum: []string{"percent", "fixed_cart", "fixed_product"}},
	{name: "description", kind: "string"}, {name: "individual_use", kind: "boolean"}, {name: "product_ids", kind: "array"},
	{name: "excluded_product_ids", kind: "array"}, {name: "usage_limit", kind: "integer"},
	{name: "usage_limit_per_user", kind: "integer"}, {name: "limit_usage_to_x_items", kind: "integer"},
	{name: "free_shipping", kind: "boolean"}, {name: "product_categories", kind: "array"},
	{name: "excluded_product_categories", kind: "array"}, {name: "exclude_sale_items", kind: "boolean"},
	{name: "minimum_amount", kind: "string"}, {name: "maximum_amount", kind: "string"},
	{name: "email_restrictions", kind: "array"}, metaSchema,
}

func (c *Call) createCoupon() (Answer, *wire.Error) {
	if err := missing(c.Body, "code"); err != nil {
		return Answer{}, err
	}
	k, err := c.addCoupon(c.Body)
	if err != nil {
		return Answer{}, err
	}
	return createdAnswer(c.couponView(k), c.address("coupons/"+wp.Itoa(k.ID)))
}

func (c *Call) addCoupon(body map[string]json.RawMessage) (*site.Coupon, *wire.Error) {
	if err := checkBody(body, couponSchema); err != nil {
		return nil, err
	}
	if strings.TrimSpace(wp.TextOf(body["code"])) == "" {
		return nil, wire.Fault(http.StatusBadRequest, "woocommerce_rest_empty_coupon_code", "The coupon code cannot be empty.")
	}
	k := &site.Coupon{Status: "publish", DiscountType: "fixed_cart", DateCreated: shop.Time{Time: c.Site.Now()}}
	if err := c.fillCoupon(k, body); err != nil {
		return nil, err
	}
	k.ID = c.State.PostID()
	c.State.Coupons[k.ID] = k
	c.Site.Emit(c.State, "coupon.created", k.ID)
	return k, nil
}

// fillCoupon is WC_REST_Coupons_V2_Controller::prepare_object_for_database
// with the setters of WC_Coupon behind it.
func (c *Call) fillCoupon(k *site.Coupon, body map[string]json.RawMessage) *wire.Error {
	if raw, ok := body["code"]; ok {
		code := strings.ToLower(strings.TrimSpace(wp.TextOf(raw)))
		if other := c.State.CouponByCode(code); other != nil && other.ID != k.ID {
			return wire.Fault(http.StatusBadRequest, "woocommerce_rest_coupon_code_already_exists", "The coupon code already exists")
		}
		k.Code = code
	}
	if err := fillCouponAmounts(k, body); err != nil {
		return err
	}
	for name, into := range map[string]*string{"status": &k.Status, "discount_type": &k.DiscountType, "description": &k.Description} {
		if raw, ok := body[name]; ok {
			*into = wp.TextOf(raw)
		}
	}
	if tooMuch(k) {
		k.Amount = decimal.Zero // WC_Coupon::set_discount_type
	}
	fillCouponLimits(k, body)
	if raw, ok := body["date_expires"]; ok && string(raw) != "null" {
		k.Expires = nil
		if at, ok := c.Site.Shop.ParseLocal(wp.TextOf(raw), false); ok {
			k.Expires = &shop.Time{Time: at}
		}
	}
	if raw, ok := body["meta_data"]; ok {
		k.Meta = c.mergeMeta(k.Meta, raw)
	}
	k.DateModified = shop.Time{Time: c.Site.Now()}
	return nil
}

// tooMuch: a percentage above a hundred.
func tooMuch(c *site.Coupon) bool {
	return c.DiscountType == "percent" && c.Amount.GreaterThan(decimal.NewFromInt(100))
}

// fillCouponAmounts sets amounts before the type is set: of a coupon that is a
// percentage already more than a hundred is refused, of one that becomes one it
// becomes nothing.
func fillCouponAmounts(k *site.Coupon, body map[string]json.RawMessage) *wire.Error {
	for name, into := range map[string]*decimal.Decimal{"amount": &k.Amount, "minimum_amount": &k.MinimumAmount, "maximum_amount": &k.MaximumAmount} {
		if raw, ok := body[name]; ok {
			*into = wp.DecimalOf(raw)
		}
	}
	if k.Amount.IsNegative() || tooMuch(k) {
		return wire.Fault(http.StatusBadRequest, "coupon_invalid_amount", "Invalid discount amount.")
	}
	return nil
}

// fillCouponLimits: a limit of 0 is none, an address that is none is dropped.
func fillCouponLimits(k *site.Coupon, body map[string]json.RawMessage) {
	for name, into := range map[string]*bool{"individual_use": &k.IndividualUse, "free_shipping": &k.FreeShipping, "exclude_sale_items": &k.ExcludeSaleItems} {
		if raw, ok := body[name]; ok {
			*into = wp.Truthy(wp.TextOf(raw))
		}
	}
	for name, into := range map[string]**int64{
		"usage_limit": &k.UsageLimit, "usage_limit_per_user": &k.UsageLimitPerUser, "limit_usage_to_x_items": &k.LimitToItems,
	} {
		raw, ok := body[name]
		if n := wp.IntOf(raw); ok && string(raw) != "null" {
			if *into = nil; n > 0 {
				*into = &n
			}
		}
	}
	for name, into := range map[string]*[]int64{
		"product_ids": &k.ProductIDs, "excluded_product_ids": &k.ExcludedProductIDs,
		"product_categories": &k.Categories, "excluded_product_categories": &k.ExcludedCategories,
	} {
		if raw, ok := body[name]; ok {
			var list []json.RawMessage
			_ = json.Unmarshal(raw, &list) // what is no list counts as empty
			*into = nil
			for _, id := range list {
				*into = append(*into, wp.IntOf(id))
			}
		}
	}
	if raw, ok := body["email_restrictions"]; ok {
		var emails []string
		_ = json.Unmarshal(raw, &emails) // what is no list of texts counts as empty
		k.EmailRestrictions = slices.DeleteFunc(emails, func(e string) bool { return !wp.IsEmail(strings.ReplaceAll(e, "*", "x")) })
	}
}

func (c *Call) updateCoupon() (Answer, *wire.Error) {
	if err := checkBody(c.Body, couponSchema); err != nil {
		return Answer{}, err
	}
	k, err := c.changeCoupon(c.IDs["id"], c.Body)
	if err != nil {
		return Answer{}, err
	}
	return OK(c.couponView(k))
}

func (c *Call) changeCoupon(id int64, body map[string]json.RawMessage) (*site.Coupon, *wire.Error) {
	old, ok := c.State.Coupons[id]
	if !ok {
		return nil, wire.InvalidID(http.StatusBadRequest, "shop_coupon")
	}
	k := *old
	if err := c.fillCoupon(&k, body); err != nil {
		return nil, err
	}
	c.State.Coupons[id] = &k
	c.Site.Emit(c.State, "coupon.updated", id)
	return &k, nil
}

func (c *Call) deleteCoupon() (Answer, *wire.Error) {
	force := wp.Truthy(c.Query.Get("force")) || c.flag("force")
	k, ok := c.State.Coupons[c.IDs["id"]]
	switch {
	case !ok:
		return Answer{}, wire.InvalidID(http.StatusNotFound, "shop_coupon")
	case !force && k.Status == "trash":
		return Answer{}, wire.Fault(http.StatusGone, "woocommerce_rest_already_trashed", "The shop_coupon has already been deleted.")
	}
	view := c.couponView(k)
	if delete(c.State.Coupons, k.ID); !force {
		trashed := *k
		trashed.Status, trashed.DateModified = "trash", shop.Time{Time: c.Site.Now()}
		c.State.Coupons[k.ID] = &trashed
		c.Site.Emit(c.State, "coupon.deleted", k.ID)
	}
	return OK(view)
}

func (c *Call) batchCoupons() (Answer, *wire.Error) {
	return c.batch(batchOps{
		create: func(body map[string]json.RawMessage) (wp.Object, *wire.Error) { return c.viewCoupon(c.addCoupon(body)) },
		update: func(id int64, body map[string]json.RawMessage) (wp.Object, *wire.Error) {
			return c.viewCoupon(c.changeCoupon(id, body))
		},
		remove: func(id int64) (wp.Object, *wire.Error) {
			k, ok := c.State.Coupons[id]
			if !ok {
				return nil, wire.InvalidID(http.StatusNotFound, "shop_coupon")
			}
			delete(c.State.Coupons, id)
			return c.couponView(k), nil
		},
	})
}

func (c *Call) viewCoupon(k *site.Coupon, err *wire.Error) (wp.Object, *wire.Error) {
	if err != nil {
		return nil, err
	}
	return c.couponView(k), nil
}
