package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/adjust"
)

const (
	longSecret  = "a-secret-of-more-than-thirty-two-bytes"
	otherSecret = "another-secret-of-more-than-32-bytes"
)

// good is an environment in which the server runs.
func good() map[string]string {
	return map[string]string{
		"PUBLIC_URL": "https://shop.example.in", "GUEST_KEYS": longSecret + "," + otherSecret, "STAFF_TOKENS": "asha=" + longSecret,
		"DATABASE_URL": "postgres://app:pgpassword@db.internal/shop", "REDIS_URL": "redis://:redispassword@cache.internal/0",
		"WOO_URL": "https://store.example.in/", "WOO_KEY": "ck_1", "WOO_SECRET": "cs_1", "WOO_WEBHOOK_SECRETS": longSecret,
		"RAZORPAY_KEY_ID": "rzp_test_1", "RAZORPAY_KEY_SECRET": longSecret, "RAZORPAY_WEBHOOK_SECRETS": longSecret,
	}
}

func reading(env map[string]string) func(string) string {
	return func(name string) string { return env[name] }
}

func TestReadConfig(t *testing.T) {
	env := good()
	env["DRAIN"], env["DATABASE_POOL"], env["TRUSTED_ORIGINS"] = "0s", "8", "https://www.example.in, https://m.example.in"
	c, err := readConfig(reading(env), nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.storefront != "https://shop.example.in" || c.accounts.issuer != "https://store.example.in" || c.limit.perSecond != 20 || c.limit.burst != 60 {
		t.Errorf("%+v", c)
	}
	if c.woo.url != "https://store.example.in" || len(c.guestKeys) != 2 || c.drain != 0 || c.grace != 20*time.Second || c.pool != 8 {
		t.Errorf("%+v", c)
	}
	if want := []string{"https://www.example.in", "https://m.example.in"}; !slices.Equal(c.origins, want) {
		t.Errorf("origins %q", c.origins)
	}
	if said := fmt.Sprintf("%v %+v %#v", c, c, c); strings.Contains(said, "password") || strings.Contains(said, "thirty-two") {
		t.Errorf("the configuration prints a secret: %s", said)
	}
}

// Every mistake is reported at once, and none repeats what was in the variable: it may be a secret in the wrong place.
func TestReadConfigReportsEverything(t *testing.T) {
	tests := []struct{ name, value, want string }{
		{"PUBLIC_URL", "shop.example.in/VALUE", "PUBLIC_URL wants an address"},
		{"PUBLIC_URL", "https://user:VALUE@shop.example.in", "PUBLIC_URL wants an address"},
		{"GUEST_KEYS", "VALUE", "GUEST_KEYS holds a secret shorter than 32 bytes"},
		{"GUEST_KEYS", "", "GUEST_KEYS is required"},
		{"STAFF_TOKENS", "VALUE", "STAFF_TOKENS wants name=token"},
		{"STAFF_TOKENS", "asha=VALUE", "STAFF_TOKENS wants name=token"},
		{"DATABASE_URL", "postgres://app:VALUE@db:notaport/shop", "DATABASE_URL is no Postgres URL"},
		{"DATABASE_URL", "", "DATABASE_URL is required"},
		{"REDIS_URL", "http://:VALUE@cache", "REDIS_URL is no Redis URL"},
		{"DATABASE_POOL", "VALUE", "DATABASE_POOL wants a number from 4 to 500"},
		{"DATABASE_POOL", "1", "DATABASE_POOL wants a number from 4 to 500"},
		{"WOO_URL", "", "WOO_URL is required"},
		{"WOO_SECRET", "", "WOO_SECRET is required"},
		{"WOO_SECRET_FILE", "VALUE", "WOO_SECRET is set and WOO_SECRET_FILE is, too"},
		{"WOO_WEBHOOK_SECRETS", "VALUE", "WOO_WEBHOOK_SECRETS holds a secret shorter than 16 bytes"},
		{"RAZORPAY_KEY_ID", "", "RAZORPAY_KEY_ID is required"},
		{"RAZORPAY_KEY_SECRET", "", "RAZORPAY_KEY_SECRET is required"},
		{"RESEND_API_KEY", "VALUE", "MAIL_FROM is required"},
		{"MAIL_FROM", "VALUE", "MAIL_FROM wants an address"},
		{"DRAIN", "VALUE", "DRAIN wants a duration"},
		{"GRACE", "-1s", "GRACE wants a duration"},
		{"LOG_LEVEL", "VALUE", "LOG_LEVEL wants debug"},
		{"DANGEROUSLY_ALLOW_PLAIN_HTTP", "VALUE", "DANGEROUSLY_ALLOW_PLAIN_HTTP wants true or false"},
		{"STOREFRONT_URL", "VALUE", "STOREFRONT_URL wants an address"},
		{"TRUSTED_ORIGINS", "https://VALUE/page", "TRUSTED_ORIGINS wants origins"},
		{"TRUSTED_ORIGINS", "http://VALUE.example.in", "TRUSTED_ORIGINS wants origins"},
		{"TRUSTED_ORIGINS", "*", "TRUSTED_ORIGINS wants origins"},
		{"ACCOUNT_KEYS", "VALUE", "ACCOUNT_KEYS holds a secret shorter than 32 bytes"},
		{"RECOVERY_KEYS", "VALUE", "RECOVERY_KEYS holds a secret shorter than 32 bytes"},
		{"RATE_LIMIT", "VALUE", "RATE_LIMIT wants a number"},
		{"RATE_LIMIT", "-1", "RATE_LIMIT wants a number"},
		{"RATE_BURST", "0", "RATE_BURST wants a number from 1"},
		{"TRUSTED_PROXIES", "10.0.0.0/8,VALUE", "TRUSTED_PROXIES wants addresses"},
		{"ABANDON_AFTER", "VALUE", "ABANDON_AFTER wants a duration"},
		{"COD", "VALUE", "COD wants true or false"},
		{"COD_MAX", "VALUE", "COD_MAX wants rupees"},
		{"COD_MAX", "5,000", "COD_MAX wants rupees"},
		{"COD_MIN", "-5", "COD_MIN wants rupees"},
		{"COD_PINS", "560001,VALUE", "COD_PINS wants PINs"},
		{"COD_PINS_EXCEPT", "012345", "COD_PINS_EXCEPT wants PINs"},
		{"COD_PINS_EXCEPT", "5600011", "COD_PINS_EXCEPT wants PINs"},
		{"COD_PINS_FILE", "/VALUE", "COD_PINS_FILE names a file"},
		{"COD_STATES_EXCEPT", "as", "COD_STATES_EXCEPT wants WooCommerce's codes"},
		{"COD_PRODUCTS_EXCEPT", "VALUE", "COD_PRODUCTS_EXCEPT wants ids"},
		{"COD_CATEGORIES_EXCEPT", "0", "COD_CATEGORIES_EXCEPT wants ids"},
		{"COD_MAX_OPEN", "VALUE", "COD_MAX_OPEN wants a number"},
		{"COD_MAX_RETURNED", "-1", "COD_MAX_RETURNED wants a number"},
		{"COD_FEE", "VALUE", "COD_FEE wants rupees"},
		{"COD_FEE", "100%", "COD_FEE wants rupees"},
		{"COD_FEE", "1e2", "COD_FEE wants rupees"},
		{"COD_PREPAY", "0%", "COD_PREPAY wants rupees"},
		{"COD_PREPAY", "-1%", "COD_PREPAY wants rupees"},
	}
	all := good()
	for _, tt := range tests {
		t.Run(tt.name+"="+tt.value, func(t *testing.T) {
			env := good()
			if tt.name == "MAIL_FROM" {
				env["RESEND_API_KEY"], env["SHOP_NAME"] = "re_1", "Ankkor Clay"
			}
			env[tt.name] = tt.value
			_, err := readConfig(reading(env), nil)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "VALUE") {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
		all[tt.name] = tt.value
	}
	_, err := readConfig(reading(all), nil)
	if lines := strings.Count(fmt.Sprint(err), "\n"); lines < 15 {
		t.Errorf("of many mistakes %d were reported:\n%v", lines, err)
	}
}

// What looks like a variable of the server and is none does nothing, and so is refused.
func TestMisspelled(t *testing.T) {
	for name, refused := range map[string]bool{
		"RAZORPAY_WEBHOOK_SECRET=VALUE": true, "WOO_CONSUMER_KEY=VALUE": true, "COD_FEES=VALUE": true, "ACCOUNT_KEY=VALUE": true,
		"WOO_URL_FILE=VALUE": true, "RATE_LIMITS=1": true,
		"RAZORPAY_WEBHOOK_SECRETS=x": false, "WOO_SECRET_FILE=x": false, "COD_PINS_FILE=x": false, "REDIS_PORT=x": false, "HOME=x": false,
		"WOO_SERVICE_HOST=10.0.0.1": false, "WOO_PORT_80_TCP=tcp://10.0.0.1:80": false, "WOO_OLD=": false,
	} {
		_, err := readConfig(reading(good()), []string{name})
		bare, _, _ := strings.Cut(name, "=")
		if (err != nil) != refused || err != nil && (!strings.Contains(err.Error(), bare+" is no variable") || strings.Contains(err.Error(), "VALUE")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The README lists every variable with the words of the usage, and no others.
func TestReadmeListsTheVariables(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	for _, v := range variables() {
		name := "`" + v.name + "`"
		if v.secret {
			name += " *"
		}
		fmt.Fprintf(&table, "| %s | %s |\n", name, v.means)
	}
	if !strings.Contains(string(readme), "\n\n"+"| variable | what it means; what it is unless set |\n|---|---|\n"+table.String()+"\n") {
		t.Errorf("README.md wants this table:\n%s", table.String())
	}
}

func TestReadCash(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pins")
	if err := os.WriteFile(file, []byte("560001\n 56, 11\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := good()
	maps.Copy(env, map[string]string{
		"COD_MIN": "199", "COD_MAX": "4999.50", "COD_PINS_FILE": file, "COD_PINS_EXCEPT": "79", "COD_STATES_EXCEPT": "AS,NL",
		"COD_PRODUCTS_EXCEPT": "16", "COD_CATEGORIES_EXCEPT": "4, 5", "COD_MAX_OPEN": "2", "COD_FEE": "2.5%", "COD_FEE_TAXED": "true",
		"COD_PREPAY": "99", "COD_PREPAY_FROM": "1000", "COD_PREPAY_REFUNDED": "true",
	})
	c, err := readConfig(reading(env), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := &checkout.CashTerms{
		Currency: pricing.INR,
		Rules: checkout.CashRules{
			AllowPINs: []string{"560001", "56", "11"}, DenyPINs: []string{"79"}, DenyStates: []string{"AS", "NL"},
			MinTotal: pricing.Paise(19900), MaxTotal: pricing.Paise(499950), Products: []int64{16}, Categories: []int64{4, 5},
			MaxReturned: anyNumber, MaxOpen: 2,
		},
		Fee: adjust.CashOnDelivery{Name: cashTitle, Percent: decimal.RequireFromString("2.50"), Taxable: true},
		Prepayment: payment.Prepayment{
			Through: payment.MethodRazorpay, Fixed: pricing.Paise(9900), From: pricing.Paise(100000), OnReturn: payment.RefundOnReturn,
		},
	}
	if diff := cmp.Diff(want, c.cash); diff != "" {
		t.Error(diff)
	}
	if !asksHistory(c.cash) {
		t.Error("a bound on open orders is not asked for")
	}
	if c, err = readConfig(reading(good()), nil); err != nil || c.cash == nil || asksHistory(c.cash) || !c.cash.Prepayment.IsZero() {
		t.Errorf("without terms: %+v, %v", c.cash, err)
	}
	env["COD_MIN"] = "5000"
	if _, err = readConfig(reading(env), nil); err == nil || !strings.Contains(err.Error(), "COD_MIN is more than COD_MAX") {
		t.Error(err)
	}
	env["COD_MIN"], env["COD"] = "", "false"
	if c, err = readConfig(reading(env), nil); err != nil || c.cash != nil {
		t.Errorf("not offered: %+v, %v", c.cash, err)
	}
}

func TestSecretsInFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte(longSecret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := good()
	delete(env, "RAZORPAY_KEY_SECRET")
	env["RAZORPAY_KEY_SECRET_FILE"] = file
	c, err := readConfig(reading(env), nil)
	if err != nil || c.razorpay.secret.Reveal() != longSecret {
		t.Errorf("%v", err)
	}
	env["RAZORPAY_KEY_SECRET_FILE"] = file + "-gone"
	if _, err := readConfig(reading(env), nil); err == nil || !strings.Contains(err.Error(), "RAZORPAY_KEY_SECRET_FILE names a file that cannot be read") {
		t.Errorf("%v", err)
	}
}

func TestMock(t *testing.T) {
	env := good()
	for _, name := range []string{"RAZORPAY_KEY_ID", "RAZORPAY_KEY_SECRET", "RAZORPAY_WEBHOOK_SECRETS"} {
		delete(env, name)
	}
	env["RAZORPAY_MOCK"] = "true"
	c, err := readConfig(reading(env), nil)
	if err != nil || c.razorpay.url != demoGateway || !strings.HasPrefix(c.razorpay.keyID, "rzp_test_") {
		t.Errorf("%+v, %v", c.razorpay, err)
	}
}

func TestUsage(t *testing.T) {
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{nil, exitUsage, "usage: server COMMAND"},
		{[]string{"help"}, exitOK, "GUEST_KEYS"},
		{[]string{"dance"}, exitUsage, "usage"},
		{[]string{"serve", "now"}, exitUsage, "1 arguments too many"},
		{[]string{"seed", "-fast"}, exitUsage, "not defined"},
		{[]string{"migrate"}, exitFailed, "DATABASE_URL is required"},
	} {
		var out, errs strings.Builder
		if code := run(t.Context(), tt.args, reading(nil), &out, &errs); code != tt.code || !strings.Contains(errs.String(), tt.says) {
			t.Errorf("%q: %d, %s", tt.args, code, errs.String())
		}
	}
}
