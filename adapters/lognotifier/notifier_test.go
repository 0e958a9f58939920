package lognotifier_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/adapters/lognotifier"
	"github.com/ankkor/ankkor/checkout"
)

func notice() checkout.Notice {
	r := checkout.Record{ID: "chk_1", Order: &checkout.OrderFact{Number: "1001"}}
	r.Billing = checkout.Address{FirstName: "Asha", Email: "asha@example.in", Phone: "+919845012345"}
	return checkout.Notice{Kind: checkout.NoticeShipped, Key: "shipped/chk_1", Record: r}
}

func TestNotify(t *testing.T) {
	var log bytes.Buffer
	if err := lognotifier.New(slog.New(slog.NewJSONHandler(&log, nil))).Notify(t.Context(), notice()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"notice":"shipped"`, `"checkout":"chk_1"`, `"order":"1001"`, `"key":"shipped/chk_1"`} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("%s is not in %s", want, log.String())
		}
	}
	for _, personal := range []string{"Asha", "asha@", "98450"} {
		if strings.Contains(log.String(), personal) {
			t.Errorf("%s is in %s", personal, log.String())
		}
	}
	if err := lognotifier.New(nil).Notify(t.Context(), checkout.Notice{}); err != nil {
		t.Error(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := lognotifier.New(nil).Notify(ended, notice()); err == nil {
		t.Error("a notice after the end")
	}
}

func Example() {
	log := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	_ = lognotifier.New(log).Notify(context.Background(), notice())
	// Output:
	// level=INFO msg="customer to be told" notice=shipped checkout=chk_1 order=1001 key=shipped/chk_1
}
