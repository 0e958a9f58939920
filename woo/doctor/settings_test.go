package doctor_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/pincode"
	"github.com/ankkor/ankkor/woo/doctor"
)

func TestVersions(t *testing.T) {
	version := func(from, to string) ward { return file("system_status.json", from, to) }
	try(t, map[string]broken{
		"old WordPress":         {ward: version(`"wp_version": "6.9.7"`, `"wp_version": "6.4.1"`), want: []string{"warns version.wordpress"}},
		"new WordPress":         {ward: version(`"wp_version": "6.9.7"`, `"wp_version": "7.2-beta1"`), want: []string{"warns version.wordpress"}},
		"beta WordPress":        {ward: version(`"wp_version": "6.9.7"`, `"wp_version": "7.1-RC2"`), want: []string{}},
		"unknown WordPress":     {ward: version(`"wp_version": "6.9.7"`, `"wp_version": "hidden"`), want: []string{"unchecked version.wordpress"}},
		"oldest WooCommerce":    {ward: version(`"version": "10.4.3"`, `"version": "9.8.0"`), want: []string{}},
		"newest WooCommerce":    {ward: version(`"version": "10.4.3"`, `"version": "11.0.5"`), want: []string{}},
		"newer WooCommerce":     {ward: version(`"version": "10.4.3"`, `"version": "11.1.0"`), want: []string{"warns version.woocommerce"}},
		"old WooCommerce":       {ward: version(`"version": "10.4.3"`, `"version": "9.7.1"`), want: []string{"breaks version.woocommerce"}},
		"old PHP":               {ward: version(`"php_version": "8.2.35"`, `"php_version": "7.3.33"`), want: []string{"warns version.php"}},
		"new PHP":               {ward: version(`"php_version": "8.2.35"`, `"php_version": "8.5.0"`), want: []string{"warns version.php"}},
		"new WPGraphQL":         {ward: version(`"version": "2.20.0"`, `"version": "3.0.0"`), want: []string{"warns version.wpgraphql"}},
		"old WPGraphQL":         {ward: version(`"version": "2.20.0"`, `"version": "1.29.3"`), want: []string{"warns version.wpgraphql"}},
		"hidden WPGraphQL":      {ward: version(`"wp-graphql/wp-graphql.php"`, `"elsewhere/wp-graphql.php"`), want: []string{"unchecked version.wpgraphql"}},
		"old WooGraphQL":        {ward: version(`"version": "1.0.2"`, `"version": "0.19.0"`), want: []string{"warns version.woographql"}},
		"WooGraphQL 0.21":       {ward: version(`"version": "1.0.2"`, `"version": "0.21.2"`), want: []string{}},
		"new WooGraphQL":        {ward: version(`"version": "1.0.2"`, `"version": "1.1.0"`), want: []string{"warns version.woographql"}},
		"no companion":          {ward: seen(answering("/wc-ankkor/v1/status", 404, noRoute)), want: []string{"notes companion"}},
		"another companion":     {ward: seen(answering("/wc-ankkor/v1/status", 200, `{"version":"0.9.0"}`)), want: []string{"warns companion"}},
		"companion's header":    {ward: seen(header("/system_status", "X-Ankkor-Companion", "")), want: []string{"warns companion"}},
		"companion not telling": {ward: seen(answering("/wc-ankkor/v1/status", 502, "")), want: []string{"unchecked companion"}},
		"orders as posts":       {ward: version(`"HPOS_enabled": true`, `"HPOS_enabled": false`), want: []string{"warns orders.hpos"}},
		"orders somewhere":      {ward: version(`"HPOS_enabled": true`, `"unknown": true`), want: []string{"unchecked orders.hpos"}},
	})
}

const noRoute = `{"code":"rest_no_route","message":"No route was found matching the URL and request method.","data":{"status":404}}`

// setting changes one setting of the store.
func setting(group, id, from, to string) ward {
	row := func(value string) string { return `{"id":"` + id + `","value":` + value + `}` }
	return file("settings_"+group+".json", row(from), row(to))
}

func TestSettings(t *testing.T) {
	const general, tax, products = "general", "tax", "products"
	try(t, map[string]broken{
		"another currency":   {ward: setting(general, "woocommerce_currency", `"INR"`, `"EUR"`), want: []string{"breaks settings.currency", "unchecked rules.readable"}},
		"currency expected":  {ward: asked(func(o *doctor.Options) { o.Currency = "USD" }), want: []string{"breaks settings.currency"}},
		"no decimals":        {ward: setting(general, "woocommerce_price_num_decimals", `"2"`, `"0"`), want: []string{"notes settings.decimals"}},
		"three decimals":     {ward: setting(general, "woocommerce_price_num_decimals", `"2"`, `"3"`), want: []string{"breaks settings.decimals", "breaks products.prices"}}, // the parser expects two
		"decimals missing":   {ward: setting(general, "woocommerce_price_num_decimals", `"2"`, `""`), want: []string{"breaks rules.readable", "breaks settings.decimals"}},
		"no taxes":           {ward: setting(general, "woocommerce_calc_taxes", `"yes"`, `"no"`), want: []string{"notes settings.taxes"}},
		"shown without tax":  {ward: setting(tax, "woocommerce_tax_display_shop", `"incl"`, `"excl"`), want: []string{"notes settings.taxes"}},
		"cart without tax":   {ward: setting(tax, "woocommerce_tax_display_cart", `"incl"`, `"excl"`), want: []string{"notes settings.taxes"}},
		"tax of the shop":    {ward: setting(tax, "woocommerce_tax_based_on", `"shipping"`, `"base"`), want: []string{"warns settings.tax-basis"}},
		"no stock":           {ward: setting(products, "woocommerce_manage_stock", `"yes"`, `"no"`), want: []string{"breaks settings.stock"}},
		"no holding":         {ward: setting(products, "woocommerce_hold_stock_minutes", `"60"`, `""`), want: []string{"notes settings.hold-stock"}},
		"short holding":      {ward: setting(products, "woocommerce_hold_stock_minutes", `"60"`, `"20"`), want: []string{"warns settings.hold-stock"}},
		"long paying":        {ward: asked(func(o *doctor.Options) { o.Policy.PaymentWindow = 2 * time.Hour }), want: []string{"warns settings.hold-stock"}},
		"accounts only":      {ward: setting("account", "woocommerce_enable_guest_checkout", `"yes"`, `"no"`), want: []string{"warns settings.guest-checkout"}},
		"no coupons":         {ward: setting(general, "woocommerce_enable_coupons", `"yes"`, `"no"`), want: []string{"notes settings.coupons"}},
		"sold elsewhere":     {ward: toNepal(), want: []string{"breaks settings.countries"}},
		"sold to all but us": {ward: countries("all_except", `["IN"]`), want: []string{"breaks settings.countries"}},
		"sold to all":        {ward: countries("all", `[]`), want: []string{}},
		"nothing shipped":    {ward: setting(general, "woocommerce_ship_to_countries", `""`, `"disabled"`), want: []string{"warns settings.countries"}},
		"shipped elsewhere":  {ward: setting(general, "woocommerce_ship_to_countries", `""`, `"specific"`), want: []string{"warns settings.countries"}},
		"no country":         {ward: setting(general, "woocommerce_default_country", `"IN:MH"`, `""`), want: []string{"warns settings.countries"}},
		"a state missing":    {ward: file("countries.json", `{"code":"KL","name":"Kerala"}`, `{"code":"XX","name":"Kerala"}`), want: []string{"warns states.india"}},
		"states not told":    {ward: seen(answering("/data/countries/in", 200, `{"code":"IN","states":"none"}`)), want: []string{"unchecked rules.readable", "unchecked states.india"}},
		"group not told": {
			ward: seen(answering("/settings/account", 404, `{"code":"rest_setting_setting_group_invalid","message":"Invalid setting group.","data":{"status":404}}`)),
			want: []string{"unchecked settings.guest-checkout"},
		},
		"setting not told": {ward: seen(answering("/settings/account", 200, `[]`)), want: []string{"unchecked settings.guest-checkout"}},
		"tax by postcode":  {ward: seen(at("/wc/v3/taxes", postcodes(t))), want: []string{"breaks rules.readable"}},
	})
}

// countries says to which the shop sells.
func countries(how, which string) ward {
	return ward{files: map[string][]string{"settings_general.json": {
		`{"id":"woocommerce_allowed_countries","value":"specific"}`, `{"id":"woocommerce_allowed_countries","value":"` + how + `"}`,
		`{"id":"woocommerce_all_except_countries","value":""}`, `{"id":"woocommerce_all_except_countries","value":` + which + `}`,
	}}}
}

// toNepal sells to one other country.
func toNepal() ward {
	w := setting("general", "woocommerce_specific_allowed_countries", `["IN"]`, `["NP"]`)
	w.front = answering("/data/countries/np", 200, `{"code":"NP","states":[]}`)
	return w
}

// postcodes limits every tax rate to one.
func postcodes(t *testing.T) func(*http.Request, *http.Response) {
	return func(_ *http.Request, a *http.Response) {
		edit(t, a, func(body string) string { return strings.ReplaceAll(body, `"postcode":""`, `"postcode":"400001"`) })
	}
}

// TestStatesOfIndia holds the doctor's list against the table of PINs: a store
// without one of its states is found out, one at a time.
func TestStatesOfIndia(t *testing.T) {
	directory, err := pincode.New()
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for pin := 110001; pin < 860000; pin++ {
		p, err := directory.Pincode(t.Context(), itoa(pin))
		if err == nil {
			codes = append(codes, p.States...)
		}
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	if len(codes) < 36 {
		t.Fatalf("the table knows %d states: %v", len(codes), codes)
	}
	r, err := seen(answering("/data/countries/in", 200, `{"code":"IN","states":[{"code":"MH","name":"Maharashtra"}]}`)).examine(t)
	if err != nil {
		t.Fatal(err)
	}
	list := r.Of(doctor.StatesIndia)
	if len(list) != 1 {
		t.Fatalf("found %+v", list)
	}
	told := strings.Fields(strings.ReplaceAll(strings.TrimPrefix(list[0].Found, "the store does not know "), ",", ""))
	for _, code := range codes {
		if missing := slices.ContainsFunc(told, func(s string) bool { return checkout.SameState(s, code) }); missing == (code == "MH") {
			t.Errorf("%s: reported missing %t", code, missing)
		}
	}
}
