package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// ask runs the program over the lines and returns what it writes.
func ask(t *testing.T, args []string, lines ...string) []string {
	t.Helper()
	var out, complaints strings.Builder
	if code := run(args, strings.NewReader(strings.Join(lines, "\n")), &out, &complaints); code != 0 {
		t.Fatalf("exit %d: %s", code, complaints.String())
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

// replied is a line of output.
type replied struct {
	ID     any             `json:"id"`
	Output json.RawMessage `json:"output"`
	Error  string          `json:"error"`
}

func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// settings is a shop in Maharashtra; rates its tax table: 12 %% GST, as two halves at home.
const (
	settings = `{"currency":"INR","decimals":2,"tax_enabled":true,"prices_include_tax":true,"base_country":"IN","base_state":"MH",
		"tax_based_on":"shipping","tax_display_cart":"incl","shipping_tax_class":"inherit"}`
	rates = `[{"id":1,"class":"","country":"IN","state":"MH","rate":"6.0000","name":"CGST","priority":1,"shipping":true},
		{"id":2,"class":"","country":"IN","state":"MH","rate":"6.0000","name":"SGST","priority":2,"shipping":true},
		{"id":3,"class":"","country":"IN","state":"","rate":"12.0000","name":"IGST","priority":1,"shipping":true}]`
	mumbai = `{"country":"IN","state":"MH","postcode":"400001","city":"Mumbai"}`
	mugs   = `{"product_id":1001,"price":"499","quantity":2,"tax_status":"taxable","tax_class":""}`
)

// cartOf is a record of two mugs for Mumbai, with more fields of its input.
func cartOf(id string, more ...string) string {
	fields := append([]string{`"settings":` + settings, `"tax_rates":` + rates, `"lines":[` + mugs + `]`, `"destination":{"shipping":` + mumbai + `}`}, more...)
	text := `{"id":"` + id + `","woocommerce":"10.4.3","input":{` + strings.Join(fields, ",") + `}}`
	return strings.NewReplacer("\n", "", "\t", "").Replace(text)
}

func TestCart(t *testing.T) {
	reply := decode[replied](t, ask(t, nil, cartOf("a"))[0])
	if reply.ID != "a" || reply.Error != "" {
		t.Fatalf("%+v", reply)
	}
	got := decode[map[string]any](t, string(reply.Output))
	totals := got["totals"].(map[string]any)
	for key, want := range map[string]any{
		"total": 997.99, "total_r": "997.99", "total_tax_r": "106.92", "subtotal": 891.07, "displayed_subtotal": 997.99,
	} {
		if totals[key] != want {
			t.Errorf("%s is %v, want %v", key, totals[key], want)
		}
	}
	line := got["lines"].([]any)[0].(map[string]any)
	if line["subtotal"] != 891.07142858 || line["subtotal_r"] != "891.07" {
		t.Errorf("line %v", line)
	}
}

// A free shipping method that asks for a coupon is there only when the cart takes one, and is chosen then.
func TestShippingOfACart(t *testing.T) {
	const methods = `"shipping":[{"method":"flat_rate","cost":"49.50","taxable":true},{"method":"free_shipping","requires":"coupon"}]`
	coupon := func(minimum string) string {
		return `"coupons":[{"id":1,"code":"free","type":"percent","amount":"0","free_shipping":true,"minimum_amount":"` + minimum + `"}]`
	}
	tests := []struct {
		name, record, want string
	}{
		{"none", cartOf("1"), `[]`},
		{"flat", cartOf("1", methods), `[{"method":"flat_rate","label":"flat_rate","cost":"49.50","taxes":{"1":2.97,"2":2.97}}]`},
		{"coupon", cartOf("1", methods, coupon("")), `[{"method":"free_shipping","label":"Free shipping","cost":"0","taxes":{}}]`},
		{"refused coupon", cartOf("1", methods, coupon("5000")), `[{"method":"flat_rate","label":"flat_rate","cost":"49.50","taxes":{"1":2.97,"2":2.97}}]`},
		{"9.9 keeps what was entered", strings.NewReplacer("10.4.3", "9.9.5", "49.50", "49.505").Replace(cartOf("1", methods)), `[{"method":"flat_rate","label":"flat_rate","cost":"49.505","taxes":{"1":2.9703,"2":2.9703}}]`},
		{"9.8 rounds it after taxing it", strings.NewReplacer("10.4.3", "9.8.5", "49.50", "49.505").Replace(cartOf("1", methods)), `[{"method":"flat_rate","label":"flat_rate","cost":"49.51","taxes":{"1":2.9703,"2":2.9703}}]`},
		{"9.8 keeps two decimals", strings.Replace(cartOf("1", methods, coupon("")), "10.4.3", "9.8.5", 1), `[{"method":"free_shipping","label":"Free shipping","cost":"0.00","taxes":{}}]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			reply := decode[replied](t, ask(t, nil, tt.record)[0])
			out := decode[struct {
				Shipping struct {
					Chosen json.RawMessage `json:"chosen"`
				} `json:"shipping"`
			}](t, string(reply.Output))
			if got := string(out.Shipping.Chosen); got != tt.want {
				t.Errorf("%s %s, want %s", reply.Error, got, tt.want)
			}
		})
	}
}

func TestFees(t *testing.T) {
	out := ask(t, nil, cartOf("1", `"fees":[{"name":"Wrap","amount":"20","taxable":true},{"name":"Insurance","amount":"35","taxable":false}]`))[0]
	want := `"fees":[{"name":"Insurance","amount":"35","total":35,"tax":0,"total_r":"35.00","tax_r":"0.00","taxes":{}},` +
		`{"name":"Wrap","amount":"20","total":20,"tax":2.4,"total_r":"20.00","tax_r":"2.40","taxes":{"1":1.2,"2":1.2}}]`
	for _, part := range []string{`"name":"Insurance","amount":"35"`, `"total_r":"20.00","tax_r":"2.40"`} {
		if !strings.Contains(out, part) {
			t.Errorf("no %s in\n%s\nwant about\n%s", part, out, want)
		}
	}
}

// A line that cannot be quoted is answered with what is wrong, and the next line is quoted.
func TestBadRecords(t *testing.T) {
	tests := []struct {
		name, record string
		id           any
		problem      string
	}{
		{"no JSON", `x`, nil, "not a record"},
		{"a list", `[1]`, nil, "must be a JSON object"},
		{"cut off", cartOf("1")[:300], nil, "unexpected end"},
		{"no input", `{"id":"1"}`, "1", "settings.currency"},
		{"an id that is a number", `{"id":7}`, 7.0, "settings.currency"},
		{"no price", strings.Replace(cartOf("1"), `"price":"499",`, "", 1), "1", "lines[0].price"},
		{"a price in words", strings.Replace(cartOf("1"), `"499"`, `"much"`, 1), "1", "plain number"},
		{"an exponent bomb", strings.Replace(cartOf("1"), `"499"`, `"1e999999999"`, 1), "1", "plain number"},
		{"a negative price", strings.Replace(cartOf("1"), `"499"`, `"-1"`, 1), "1", "lines[0].unit_price"},
		{"no pieces", strings.Replace(cartOf("1"), `"quantity":2`, `"quantity":0`, 1), "1", "lines[0].quantity"},
		{"half a piece", strings.Replace(cartOf("1"), `"quantity":2`, `"quantity":0.5`, 1), "1", "quantity: must not be a JSON number"},
		{"no lines", strings.Replace(cartOf("1"), mugs, "", 1), "1", "lines"},
		{"a version that was not measured", strings.Replace(cartOf("1"), "10.4.3", "3.0", 1), "1", "version"},
		{"a fee without amount", cartOf("1", `"fees":[{"name":"x"}]`), "1", "fees[0].amount"},
		{"a plugin's coupon", cartOf("1", `"coupons":[{"id":1,"code":"x","type":"buy_one","amount":"1"}]`), "1", "coupon"},
		{"only a postcode is taxed", strings.Replace(cartOf("1"), `"priority":1`, `"priority":1,"postcodes":["400001"]`, 1), "1", "postcodes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := ask(t, nil, tt.record, "", cartOf("next"))
			bad, next := decode[replied](t, out[0]), decode[replied](t, out[1])
			if bad.ID != tt.id || !strings.Contains(bad.Error, tt.problem) || bad.Output != nil {
				t.Errorf("%+v, want %q", bad, tt.problem)
			}
			if next.ID != "next" || next.Error != "" {
				t.Errorf("the next record: %+v", next)
			}
		})
	}
}

func TestLongLine(t *testing.T) {
	out := ask(t, nil, strings.Repeat("9", maxRecord+1), cartOf("next"), strings.Repeat("9", maxRecord+1))
	if len(out) != 3 || !strings.Contains(out[0], "longer than") || !strings.Contains(out[1], `"id":"next","output"`) || !strings.Contains(out[2], `"line":3`) {
		t.Errorf("%d lines: %.200q", len(out), out)
	}
}

func TestNothing(t *testing.T) {
	if out := ask(t, nil, "", "  ", ""); len(out) != 1 || out[0] != "" {
		t.Errorf("%q", out)
	}
}

func TestCommandLine(t *testing.T) {
	tests := []struct {
		args      []string
		code      int
		out, errs string
	}{
		{[]string{"-h"}, 0, "-table", ""},
		{[]string{"-rates", "-orders"}, 2, "", "exclude each other"},
		{[]string{"-at", "noon"}, 2, "", "parsing time"},
		{[]string{"carts.jsonl"}, 2, "", "standard input"},
		{[]string{"-nonsense"}, 2, "", "not defined"},
	}
	for _, tt := range tests {
		t.Run(strings.Join(tt.args, " "), func(t *testing.T) {
			var out, errs strings.Builder
			code := run(tt.args, strings.NewReader(""), &out, &errs)
			if code != tt.code || !strings.Contains(out.String(), tt.out) || !strings.Contains(errs.String(), tt.errs) {
				t.Errorf("exit %d, %q, %q", code, out.String(), errs.String())
			}
		})
	}
}

// The example that the help shows works.
func TestHelpIsTrue(t *testing.T) {
	_, record, ok := strings.Cut(help, "A cart:")
	record, _, more := strings.Cut(record, "(on one line.)")
	if !ok || !more {
		t.Fatal("no example in the help")
	}
	reply := decode[replied](t, ask(t, nil, strings.ReplaceAll(record, "\n", ""))[0])
	if reply.Error != "" || !strings.Contains(string(reply.Output), `"total_r":"975.48"`) {
		t.Errorf("%s %s", reply.Error, reply.Output)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errTooLong }

func TestBrokenPipe(t *testing.T) {
	var errs strings.Builder
	if code := run(nil, strings.NewReader(cartOf("1")+"\n"), brokenPipe{}, &errs); code != 1 || errs.Len() == 0 {
		t.Errorf("exit %d, %q", code, errs.String())
	}
}

func FuzzRecords(f *testing.F) {
	for _, record := range []string{cartOf("1"), ratesRecord, couponsRecord, ordersRecord, `{}`, `{"id":[]}`} {
		f.Add(record)
	}
	f.Fuzz(func(t *testing.T, record string) {
		for _, args := range [][]string{nil, {"-rates"}, {"-coupons"}, {"-orders"}, {"-table"}, {"-table", "-rates"}} {
			for _, line := range ask(t, args, strings.ReplaceAll(record, "\n", " ")) {
				if len(args) < 2 && line != "" && args == nil && !json.Valid([]byte(line)) {
					t.Errorf("%v: %s", args, line)
				}
			}
		}
	})
}
