package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	metricnoop "go.opentelemetry.io/otel/metric/noop"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// watched is telemetry whose spans are kept.
func watched(t *testing.T) (telemetry, *tracetest.SpanRecorder) {
	t.Helper()
	spans := tracetest.NewSpanRecorder()
	w := telemetry{traces: sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans)), meters: metricnoop.NewMeterProvider()}
	w.tracer = w.traces.Tracer(scope)
	if err := w.instruments(); err != nil {
		t.Fatal(err)
	}
	return w, spans
}

// A request to the store is a span under the effect that made it, and says neither where to nor with what key.
func TestSpans(t *testing.T) {
	w, spans := watched(t)
	store := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusTeapot) }))
	defer store.Close()
	ctx, done := w.Performing(t.Context(), "chk_1", checkout.EffectCreateOrder)
	client := http.Client{Transport: w.client("woocommerce", http.DefaultTransport)}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, store.URL+"/orders?oauth_consumer_key=ck_secret", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	done(fmt.Errorf("%w: the store wrote Asha Rao, 12 MG Road", checkout.ErrRefused))

	ended := spans.Ended()
	if len(ended) != 2 || ended[0].Name() != "woocommerce POST" || ended[1].Name() != "checkout.create_order" {
		t.Fatalf("spans %v", ended)
	}
	if ended[0].Parent().SpanID() != ended[1].SpanContext().SpanID() {
		t.Error("the request is not under its effect")
	}
	said := fmt.Sprint(ended[0].Attributes(), ended[0].Status(), ended[1].Attributes(), ended[1].Status(), ended[1].Events())
	for _, hidden := range []string{"ck_secret", "Asha", store.URL} {
		if strings.Contains(said, hidden) {
			t.Errorf("a span says %s: %s", hidden, said)
		}
	}
	for _, shown := range []string{"chk_1", "refused", "418", "woocommerce"} {
		if !strings.Contains(said, shown) {
			t.Errorf("no span says %s: %s", shown, said)
		}
	}
}

func TestOutcomes(t *testing.T) {
	for err, want := range map[error]string{
		nil: "done", checkout.ErrRefused: "refused", payment.ErrRefused: "refused", payment.ErrUnknown: "unknown",
		checkout.ErrUnavailable: "unavailable", checkout.ErrConflict: "overtaken", io.EOF: "failed", context.Canceled: "failed",
	} {
		if err != nil {
			err = fmt.Errorf("calling: %w", err)
		}
		if got := outcomeOf(err); got != want {
			t.Errorf("%v is %q, want %q", err, got, want)
		}
	}
	if got := outcomeOf(errors.Join(checkout.ErrUnknown, io.EOF)); got != "unknown" {
		t.Errorf("joined: %q", got)
	}
}

// Without an address for telemetry nothing is sent, and nothing breaks.
func TestNoTelemetry(t *testing.T) {
	w, stop, err := openTelemetry(t.Context(), reading(nil), newLog(io.Discard, 0))
	if err != nil {
		t.Fatal(err)
	}
	_, done := w.Performing(t.Context(), "chk_1", checkout.EffectNotify)
	done(nil)
	if err := stop(); err != nil {
		t.Error(err)
	}
}
