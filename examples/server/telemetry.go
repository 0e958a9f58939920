package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/metric"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	tracenoop "go.opentelemetry.io/otel/trace/noop"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// telemetry is traces and metrics by OpenTelemetry, sent where OTEL_EXPORTER_OTLP_ENDPOINT says. Spans and labels name
// systems, effects and outcomes, never a person, an address that was asked for, or what an outside system wrote.
type telemetry struct {
	traces  trace.TracerProvider
	meters  metric.MeterProvider
	tracer  trace.Tracer
	effects metric.Float64Histogram
	calls   metric.Float64Histogram
}

const scope = "github.com/ankkor/ankkor/examples/server"

// openTelemetry starts the exporters and returns what ends them, after sending what is left.
func openTelemetry(ctx context.Context, env func(string) string, log *slog.Logger) (telemetry, func() error, error) {
	t := telemetry{traces: tracenoop.NewTracerProvider(), meters: metricnoop.NewMeterProvider()}
	stop := func() error { return nil }
	if env("OTEL_EXPORTER_OTLP_ENDPOINT") != "" && env("OTEL_SDK_DISABLED") != "true" {
		var err error
		if stop, err = t.export(ctx); err != nil {
			return t, nil, err
		}
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("telemetry", "error", err) }))
	t.tracer = t.traces.Tracer(scope)
	return t, stop, t.instruments()
}

// export sends to an OTLP collector over HTTP; the exporters read OpenTelemetry's own variables.
func (t *telemetry) export(ctx context.Context) (stop func() error, err error) {
	if os.Getenv("OTEL_SERVICE_NAME") == "" {
		if err := os.Setenv("OTEL_SERVICE_NAME", "ankkor-server"); err != nil {
			return nil, err
		}
	}
	spans, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, err
	}
	numbers, err := otlpmetrichttp.New(ctx)
	if err != nil {
		return nil, err
	}
	traces := sdktrace.NewTracerProvider(sdktrace.WithBatcher(spans))
	meters := sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewPeriodicReader(numbers)))
	t.traces, t.meters = traces, meters
	return func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return errors.Join(traces.Shutdown(ctx), meters.Shutdown(ctx))
	}, nil
}

func (t *telemetry) instruments() error {
	meter := t.meters.Meter(scope)
	var errs [2]error
	t.effects, errs[0] = meter.Float64Histogram("ankkor.effect.duration", metric.WithUnit("s"),
		metric.WithDescription("how long what a checkout does outside takes, by kind and outcome"))
	t.calls, errs[1] = meter.Float64Histogram("ankkor.call.duration", metric.WithUnit("s"),
		metric.WithDescription("how long one request to an outside system takes, by system, method and status"))
	return errors.Join(errs[:]...)
}

// server watches requests. Its spans are named by route.
func (t telemetry) server(next http.Handler) http.Handler {
	return otelhttp.NewHandler(next, "http", otelhttp.WithTracerProvider(t.traces), otelhttp.WithMeterProvider(t.meters),
		otelhttp.WithPublicEndpointFn(func(*http.Request) bool { return true }), otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string {
			if r.Pattern == "" {
				return r.Method
			}
			return r.Pattern
		}))
}

// Performing implements checkout.Observer.
func (t telemetry) Performing(ctx context.Context, id checkout.ID, kind checkout.EffectKind) (context.Context, func(error)) {
	begun := time.Now()
	ctx, span := t.tracer.Start(ctx, "checkout."+string(kind), trace.WithAttributes(attribute.String("ankkor.checkout", string(id))))
	return ctx, func(err error) {
		outcome := outcomeOf(err)
		if err != nil {
			span.SetStatus(codes.Error, outcome)
		}
		span.End()
		t.effects.Record(ctx, time.Since(begun).Seconds(), metric.WithAttributes(
			attribute.String("kind", string(kind)), attribute.String("outcome", outcome)))
	}
}

// outcomeOf says in a word how a call ended. The error itself may repeat what an outside system wrote.
func outcomeOf(err error) string {
	for _, o := range []struct {
		is   []error
		word string
	}{
		{[]error{nil}, "done"},
		{[]error{checkout.ErrRefused, payment.ErrRefused}, "refused"},
		{[]error{checkout.ErrUnknown, payment.ErrUnknown}, "unknown"},
		{[]error{checkout.ErrUnavailable, payment.ErrUnavailable}, "unavailable"},
		{[]error{checkout.ErrConflict}, "overtaken"},
	} {
		for _, want := range o.is {
			if errors.Is(err, want) {
				return o.word
			}
		}
	}
	return "failed"
}

// client watches requests to an outside system. Their URLs are left out: WooCommerce's carry the key and its signature
// where there is no TLS.
func (t telemetry) client(system string, next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		begun := time.Now()
		ctx, span := t.tracer.Start(r.Context(), system+" "+r.Method, trace.WithSpanKind(trace.SpanKindClient))
		defer span.End()
		response, err := next.RoundTrip(r.WithContext(ctx))
		status := 0
		if err != nil {
			span.SetStatus(codes.Error, "no answer")
		} else {
			status = response.StatusCode
		}
		labels := []attribute.KeyValue{
			attribute.String("system", system), attribute.String("http.request.method", r.Method), attribute.Int("http.response.status_code", status),
		}
		span.SetAttributes(labels...)
		t.calls.Record(ctx, time.Since(begun).Seconds(), metric.WithAttributes(labels...))
		return response, err
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
