// Package lognotifier writes down what customers would be told, for development and for shops whose mails somebody else
// sends.
//
//	shop, err := checkout.New(checkout.Config{Notifier: lognotifier.New(slog.Default()), …})
//
// A line names the kind of the notice, the checkout, the order's number and the notice's key: never the customer.
package lognotifier

import (
	"context"
	"log/slog"

	"github.com/ankkor/ankkor/checkout"
)

// Notifier is a checkout.Notifier that logs.
type Notifier struct{ log *slog.Logger }

var _ checkout.Notifier = (*Notifier)(nil)

// New returns a Notifier on the logger; nil discards.
func New(log *slog.Logger) *Notifier {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Notifier{log}
}

// Notify implements checkout.Notifier. It never fails but for a context that has ended.
func (n *Notifier) Notify(ctx context.Context, notice checkout.Notice) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	number := ""
	if o := notice.Record.Order; o != nil {
		number = o.Number
	}
	n.log.InfoContext(ctx, "customer to be told", "notice", string(notice.Kind), "checkout", string(notice.Record.ID), "order", number, "key", notice.Key)
	return nil
}
