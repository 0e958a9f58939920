package checkout

import "context"

// Observer watches the Service at work, for traces and metrics: OpenTelemetry, or whatever a host measures with. This
// package links none of them.
//
// It is told of what is called outside: the gateway, the store, the carrier, the customer. What happens in between is in
// the record, see [Service.Explain]. An Observer decides nothing, must not block, and is safe for concurrent use.
type Observer interface {
	// Performing is called before an effect is looked up or done. The context it returns, derived from ctx, is the one the
	// ports get, so that a span made here is the parent of theirs; done is called once with what became of it, nil for
	// success. Neither the id nor the kind says anything of a person; an error may repeat what an outside system wrote.
	Performing(ctx context.Context, id ID, kind EffectKind) (_ context.Context, done func(error))
}

// observe tells the Observer, if there is one, that an effect begins.
func (s *Service) observe(ctx context.Context, id ID, kind EffectKind) (context.Context, func(error)) {
	if s.config.Observer == nil {
		return ctx, func(error) {}
	}
	return s.config.Observer.Performing(ctx, id, kind)
}
