package rest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/woo/rest"
)

func TestRecordedProduct(t *testing.T) {
	site, shop := newSite(t, recorded("product"))
	got, err := shop.Products().Get(t.Context(), 16)
	if err != nil {
		t.Fatal(err)
	}
	want := rest.Product{
		ID: 16, Name: "Masala Chai Mug", Slug: "masala-chai-mug", Permalink: "https://shop.example.test/product/masala-chai-mug/",
		Type: "simple", Status: "publish", Visibility: "visible", Featured: true, ReviewsAllowed: true,
		Description: "<p>Hand-painted <strong>ceramic</strong> mug &amp; saucer.</p>\n", ShortDescription: "<p>350 ml mug</p>\n",
		Goods: rest.Goods{
			SKU: "MUG-001", GTIN: "8901234567894", Price: amount("499"), RegularPrice: amount("499"), Purchasable: true,
			TaxStatus: "taxable", TaxClass: "gst-12", Managed: rest.ByItself, StockQuantity: amount("10"), StockStatus: "instock",
			Backorders: "no", LowStock: new(int64(3)), Weight: amount("0.45"),
			Dimensions: rest.Size{Length: amount("12"), Width: amount("9"), Height: amount("10")}, RequiresShipping: true,
			CreatedAt:  rest.Time{Time: time.Date(2026, 11, 20, 4, 46, 7, 0, time.UTC)},
			ModifiedAt: rest.Time{Time: time.Date(2026, 11, 20, 4, 46, 8, 0, time.UTC)},
		},
		AverageRating: amount("4.00"), RatingCount: 1,
		Categories: []rest.Ref{{ID: 17, Name: "Kitchen &amp; Dining", Slug: "kitchen-dining"}},
		Tags:       []rest.Ref{{ID: 22, Name: "bestseller", Slug: "bestseller"}},
		Images: []rest.Image{
			{ID: 11, Source: "https://shop.example.test/wp-content/uploads/2026/11/masala-mug.jpg", Name: "masala-mug", Alt: "Photo of masala-mug"},
			{ID: 14, Source: "https://shop.example.test/wp-content/uploads/2026/11/mug-back.jpg", Name: "mug-back", Alt: "Photo of mug-back"},
		},
		Upsells: []int64{19}, CrossSells: []int64{17, 28}, Related: []int64{22, 29, 21, 28},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if r := site.seen()[0]; r.line != "GET products/16" || !r.query.Has("_") {
		t.Errorf("asked %s %v, want past every cache", r.line, r.query)
	}
}

// TestRecordedDecoding reads what was recorded of every other resource, and
// looks at what is easily read wrong.
func TestRecordedDecoding(t *testing.T) {
	ctx := t.Context()
	tests := map[string]func(*testing.T, *rest.Client) (got, want any){
		"product-no-price": func(t *testing.T, shop *rest.Client) (any, any) {
			p, err := shop.Products().Get(ctx, 24)
			check(t, err)
			return []any{p.Price.Valid, p.Purchasable, p.RegularPrice.String()}, []any{false, false, ""}
		},
		"variations": func(t *testing.T, shop *rest.Client) (any, any) {
			all, err := shop.Variations(37).Collect(ctx, rest.Query{})
			check(t, err)
			return []any{len(all), all[0].ID, all[0].ParentID, all[0].SalePrice.String(), all[0].Image.ID, all[0].Attributes[0], all[0].LowStock == nil},
				[]any{3, int64(43), int64(37), "1099", int64(12), rest.ChosenAttribute{ID: 1, Name: "Size", Option: "L"}, true}
		},
		"variation-parent": func(t *testing.T, shop *rest.Client) (any, any) {
			v, err := shop.Variations(37).Get(ctx, 40)
			check(t, err)
			return []any{v.Managed, v.StockQuantity.String(), v.TaxClass}, []any{rest.ByParent, "20", "gst-5"}
		},
		"order-fee": func(t *testing.T, shop *rest.Client) (any, any) {
			o, err := shop.Orders().Get(ctx, 164)
			check(t, err)
			return []any{o.Total.String(), o.Lines[0].Price.String(), o.Lines[0].Taxes[0].RateID, o.Lines[1].Meta[0].Text(), o.ShippingLines[0].InstanceID,
					o.ShippingLines[0].Taxes[0].Subtotal.Valid, o.Fees[0].Name, o.Taxes[0].Percent.String(), o.PaidAt.IsZero(), o.CreatedAt.Format(time.RFC3339)},
				[]any{"2387.28", "445.535714", int64(9), "s", int64(0), false, "COD fee", "12", true, "2026-11-20T05:12:46Z"}
		},
		"refunds": func(t *testing.T, shop *rest.Client) (any, any) {
			all, err := shop.Refunds(156).Collect(ctx, rest.Query{})
			check(t, err)
			return []any{len(all), all[0].Amount.String(), all[0].Lines[0].Quantity.String()}, []any{2, "100.00", "-1"}
		},
		"note": func(t *testing.T, shop *rest.Client) (any, any) {
			n, err := shop.Notes(156).Get(ctx, 14)
			check(t, err)
			return []any{n.Text, n.ForCustomer, n.Author}, []any{"packed", true, "WooCommerce"}
		},
		"zones": func(t *testing.T, shop *rest.Client) (any, any) {
			all, err := shop.Zones().Collect(ctx, rest.Query{})
			check(t, err)
			return all, []rest.Zone{{0, "Locations not covered by your other zones", 0}, {1, "India", 1}}
		},
		"zone-methods": func(t *testing.T, shop *rest.Client) (any, any) {
			all, err := shop.ZoneMethods(1).Collect(ctx, rest.Query{})
			check(t, err)
			return []any{all[0].ID, all[0].MethodID, all[0].Enabled, all[0].Settings["cost"].Value, all[1].Settings["requires"].Value},
				[]any{int64(1), "flat_rate", true, "49", "min_amount"}
		},
		"zone-locations": func(t *testing.T, shop *rest.Client) (any, any) {
			all, err := shop.Places(ctx, 1)
			check(t, err)
			return all, []rest.Place{{"IN", "country"}}
		},
		"taxes": func(t *testing.T, shop *rest.Client) (any, any) {
			all, err := shop.TaxRates().Collect(ctx, rest.Query{})
			check(t, err)
			return []any{len(all), all[0].State, all[0].Rate.String(), all[0].Class, all[0].Shipping, all[0].Postcodes == nil},
				[]any{3, "MH", "9.0000", "standard", true, true}
		},
		"tax-classes": func(t *testing.T, shop *rest.Client) (any, any) {
			all, err := shop.TaxClasses(ctx)
			check(t, err)
			return all[:2], []rest.TaxClass{{"standard", "Standard rate"}, {"gst-12", "GST 12"}}
		},
		"coupons": func(t *testing.T, shop *rest.Client) (any, any) {
			all, err := shop.Coupons().Collect(ctx, rest.Query{})
			check(t, err)
			return []any{all[0].Code, all[0].UsageLimit, all[0].UsageLimitPerUser, all[0].ExpiresAt.IsZero(), all[1].ExpiresAt.Format(time.RFC3339)},
				[]any{"once", int64(1), int64(0), true, "2023-12-31T18:30:00Z"}
		},
		"gateways": func(t *testing.T, shop *rest.Client) (any, any) {
			all, err := shop.Gateways(ctx)
			check(t, err)
			return []any{len(all), all[0].ID, all[0].Order, all[1].Enabled}, []any{3, "bacs", int64(0), false}
		},
		"settings": func(t *testing.T, shop *rest.Client) (any, any) {
			all, err := shop.Settings(ctx, "general")
			check(t, err)
			return []any{all[0].ID, string(all[0].Value), all[1].On(), all[2].Text()}, []any{"woocommerce_specific_allowed_countries", `["IN"]`, true, "INR"}
		},
		"states": func(t *testing.T, shop *rest.Client) (any, any) {
			in, err := shop.Country(ctx, "IN")
			check(t, err)
			return []any{in.Name, in.States[0]}, []any{"India", rest.State{Code: "AN", Name: "Andaman and Nicobar Islands"}}
		},
		"customers": func(t *testing.T, shop *rest.Client) (any, any) {
			all, err := shop.Customers().Collect(ctx, rest.Query{Email: "priya@example.test"})
			check(t, err)
			return []any{all[0].Username, all[0].Billing.Email, all[0].Shipping.Email, all[0].Shipping.City, all[0].Paying}, []any{"priya", "priya@example.test", "", "Pune", true}
		},
		"webhooks": func(t *testing.T, shop *rest.Client) (any, any) {
			all, err := shop.Webhooks().Collect(ctx, rest.Query{})
			check(t, err)
			last := all[len(all)-1]
			return []any{last.ID > 0, last.Topic != "", last.DeliveryURL != ""}, []any{true, true, true}
		},
	}
	for file, test := range tests {
		t.Run(file, func(t *testing.T) {
			_, shop := newSite(t, recorded(file))
			got, want := test(t, shop)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestSettingGroups reads the list as WooCommerce 10.0.2 answered it, cut short.
func TestSettingGroups(t *testing.T) {
	site, shop := newSite(t, answering(http.StatusOK, `[
		{"id":"wc_admin","label":"WooCommerce Admin","description":"Settings for WooCommerce admin reporting.","parent_id":"","sub_groups":[]},
		{"id":"general","label":"General","description":"","parent_id":"","sub_groups":[]}]`))
	got, err := shop.SettingGroups(t.Context())
	check(t, err)
	want := []rest.SettingGroup{
		{ID: "wc_admin", Label: "WooCommerce Admin", Description: "Settings for WooCommerce admin reporting."}, {ID: "general", Label: "General"},
	}
	if diff := cmp.Diff(want, got); diff != "" || site.seen()[0].line != "GET settings" {
		t.Errorf("%s (-want +got)\n%s", site.seen()[0].line, diff)
	}
}
