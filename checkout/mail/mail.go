package mail

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"net/mail"
	"strings"
	texttemplate "text/template"
	"time"
	"unicode"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
)

// ErrNoRecipient says that the notice's customer left no usable address.
var ErrNoRecipient = errors.New("mail: the customer left no address that mail can be sent to")

// Letter is a mail that is ready to be sent. It is personal: no verb prints more than what kind it is.
type Letter struct {
	Kind    checkout.NoticeKind
	To      string // an address alone, without a name
	Subject string
	HTML    string
	Text    string
}

// Format implements fmt.Formatter: every verb prints the kind only.
func (l Letter) Format(f fmt.State, _ rune) { _, _ = fmt.Fprintf(f, "mail %s", l.Kind) }

// Config is what New needs.
type Config struct {
	Shop string // its name, as customers know it
	// URL is the page a mail leads to: the order, or for an abandoned checkout the page that restores the cart (see
	// checkout.Recovery). It must be the same whenever it is asked. Nil, or "", leaves the link out.
	URL func(checkout.Notice) string
	// Templates replaces templates of this package by files of the same name; optional.
	Templates fs.FS
	// Format is how amounts are written, pricing.IndianFormat when zero.
	Format pricing.Format
	// TimeZone is the shop's, India's when nil.
	TimeZone *time.Location
}

// Writer writes letters. It is safe for concurrent use.
type Writer struct {
	config Config
	html   map[checkout.NoticeKind]*htmltemplate.Template
	text   map[checkout.NoticeKind]*texttemplate.Template
}

//go:embed templates
var bundled embed.FS

// Kinds are the notices that there are templates for.
func Kinds() []checkout.NoticeKind {
	return []checkout.NoticeKind{
		checkout.NoticeOrderConfirmed, checkout.NoticeShipped, checkout.NoticeRefunded, checkout.NoticePaymentFailed, checkout.NoticeAbandoned,
	}
}

// New reads all templates and reports every one that cannot be used.
func New(c Config) (*Writer, error) {
	if c.Format == (pricing.Format{}) {
		c.Format = pricing.IndianFormat()
	}
	if c.TimeZone == nil {
		c.TimeZone = time.FixedZone("IST", 5*60*60+30*60)
	}
	w := &Writer{config: c, html: map[checkout.NoticeKind]*htmltemplate.Template{}, text: map[checkout.NoticeKind]*texttemplate.Template{}}
	var errs []error
	if strings.TrimSpace(c.Shop) == "" {
		errs = append(errs, errors.New("mail: Config.Shop is required"))
	}
	for _, kind := range Kinds() {
		errs = append(errs, w.load(kind))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return w, nil
}

func (w *Writer) load(kind checkout.NoticeKind) error {
	html, err := w.source(string(kind) + ".html.tmpl")
	if err != nil {
		return err
	}
	text, err := w.source(string(kind) + ".txt.tmpl")
	if err != nil {
		return err
	}
	h, herr := htmltemplate.New(string(kind)).Option("missingkey=error").Parse(html)
	t, terr := texttemplate.New(string(kind)).Option("missingkey=error").Parse(text)
	w.html[kind], w.text[kind] = h, t
	return errors.Join(herr, terr)
}

// source is a template's text: the host's, or else our own.
func (w *Writer) source(name string) (string, error) {
	if w.config.Templates != nil {
		data, err := fs.ReadFile(w.config.Templates, name)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return string(data), err
		}
	}
	data, err := bundled.ReadFile("templates/" + name)
	return string(data), err
}

// Write writes the letter of a notice. The error is ErrNoRecipient, or that of a template.
func (w *Writer) Write(n checkout.Notice) (Letter, error) {
	to, err := mail.ParseAddress(n.Record.Billing.Email)
	if err != nil || to.Name != "" || !oneLine(to.Address) {
		return Letter{}, ErrNoRecipient
	}
	html, text := w.html[n.Kind], w.text[n.Kind]
	if html == nil || text == nil {
		return Letter{}, fmt.Errorf("mail: no template for a notice of kind %q", n.Kind)
	}
	page := w.page(n)
	var h, t bytes.Buffer
	if err := errors.Join(html.Execute(&h, page), text.Execute(&t, page)); err != nil {
		return Letter{}, fmt.Errorf("mail: %s: %w", n.Kind, err)
	}
	subject, body, _ := strings.Cut(t.String(), "\n")
	return Letter{Kind: n.Kind, To: to.Address, Subject: plain(subject), HTML: h.String(), Text: strings.TrimLeft(body, "\n")}, nil
}

func oneLine(s string) bool { return !strings.ContainsFunc(s, unicode.IsControl) }

// plain keeps a subject on one line.
func plain(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s))
}
