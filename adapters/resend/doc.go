// Package resend sends a shop's mails through Resend (https://resend.com).
//
//	letters, err := mail.New(mail.Config{Shop: "Ankkor Clay", URL: orderPage})
//	notifier, err := resend.New(resend.Config{
//		Key: resend.NewSecret(os.Getenv("RESEND_API_KEY")), From: "Ankkor Clay <orders@shop.example.in>",
//		HTTP: http.DefaultClient, Letters: letters, Drafts: resend.NewDrafts(),
//	})
//	shop, err := checkout.New(checkout.Config{Notifier: notifier, …})
//
// # At most once
//
// Resend forgets an Idempotency-Key after 24 hours, and refuses one that comes back with another mail. So a mail is
// written once and frozen, in Drafts, before it is first sent; whoever sends it again sends the same bytes under the same
// key. Once a first attempt is [Patience] old, and nobody knows what became of it, it is not sent again: the notice
// becomes a dead letter for a person to look at, because a second mail would be a second mail. [NewDrafts] keeps drafts in
// memory, which suits one process; several replicas want a table of their database behind the same interface.
//
// # Errors
//
// Every failure is an [*Error] that matches one of checkout's: ErrRefused (Resend will not send this mail), ErrUnavailable
// (certainly not sent: too many requests, the key is wrong), ErrUnknown (perhaps sent). Nothing of the key, of the
// recipient or of the mail is in it.
package resend
