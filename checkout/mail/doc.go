// Package mail writes what customers are told: the mails for the notices of package checkout, in HTML and as plain text.
//
//	letters, err := mail.New(mail.Config{Shop: "Ankkor Clay", URL: orderPage})
//	letter, err := letters.Write(notice)
//
// Amounts are written as India writes them (₹1,23,456.50), times in the shop's time zone. A mail depends on nothing but
// its notice: written twice, it is the same to the byte, so that a service that deduplicates by a key is never asked for
// two different mails under one.
//
// Every text can be replaced: Config.Templates is a file system whose files stand in for those of the same name here
// ("order_confirmed.html.tmpl", "order_confirmed.txt.tmpl", …). The first line of a text template is the subject. HTML is
// escaped by html/template; a name such as <script> is shown, not run.
package mail
