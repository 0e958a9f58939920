package razorpay_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/adapters/razorpay"
	"github.com/ankkor/ankkor/payment"
)

func TestNewReportsEveryMistake(t *testing.T) {
	_, err := razorpay.New(razorpay.Config{KeyID: "key", URL: "http://api.example.com", Timeout: -1, Capture: "never", PreviousKeySecret: payment.NewSecret("short")})
	if !errors.Is(err, razorpay.ErrConfig) {
		t.Fatal(err)
	}
	for _, field := range []string{"KeyID", "KeySecret", "URL", "Timeout", "Capture"} {
		if !strings.Contains(err.Error(), "Config."+field) {
			t.Errorf("%q does not name %s", err, field)
		}
	}
	for _, address := range []string{"https://user:pass@api.example.com", "ftp://api.example.com", "https://", "://", "https://a?b", "http://127.0.0.1.example.com"} {
		_, err := razorpay.New(razorpay.Config{KeyID: keyID, KeySecret: payment.NewSecret(keySecret), URL: address})
		if !errors.Is(err, razorpay.ErrConfig) || strings.Contains(err.Error(), "pass@") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestNothingPrintsTheSecret formats everything that holds it.
func TestNothingPrintsTheSecret(t *testing.T) {
	c := razorpay.Config{KeyID: keyID, KeySecret: payment.NewSecret(keySecret)}
	client := mustClient(t, c)
	encoded, _ := json.Marshal(map[string]any{"key": c.KeySecret})
	for _, text := range []string{
		fmt.Sprintf("%v %+v %#v", c, c, c), fmt.Sprintf("%v %+v %#v", client, client, client), fmt.Sprintf("%+v", *client), string(encoded),
	} {
		if strings.Contains(text, keySecret) {
			t.Errorf("%s", text)
		}
	}
}

func TestVerifyDuringRotation(t *testing.T) {
	b := newBank(t)
	o := b.order(t, "r-1")
	c, err := b.Server.Authorize(o.ID)
	if err != nil {
		t.Fatal(err)
	}
	next := payment.NewSecret("thenextkeysecret12345678")
	for name, tt := range map[string]struct {
		previous payment.Secret
		want     error
	}{"within": {payment.NewSecret(keySecret), nil}, "after": {payment.Secret{}, payment.ErrSignature}} {
		client := mustClient(t, razorpay.Config{KeyID: keyID, KeySecret: next, PreviousKeySecret: tt.previous})
		if err := client.VerifyPayment(o.ID, payment.Callback(c)); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
