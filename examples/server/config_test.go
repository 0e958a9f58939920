package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
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
		{"DRAIN", "VALUE", "DRAIN wants a duration"},
		{"GRACE", "-1s", "GRACE wants a duration"},
		{"LOG_LEVEL", "VALUE", "LOG_LEVEL wants debug"},
		{"DANGEROUSLY_ALLOW_PLAIN_HTTP", "VALUE", "DANGEROUSLY_ALLOW_PLAIN_HTTP wants true or false"},
	}
	all := good()
	for _, tt := range tests {
		t.Run(tt.name+"="+tt.value, func(t *testing.T) {
			env := good()
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
