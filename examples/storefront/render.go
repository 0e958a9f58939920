package main

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	htmlpkg "html"
	"html/template"
	"net/http"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

//go:embed templates
var templates embed.FS

var (
	tags   = regexp.MustCompile(`<[^>]*>`)
	india  = time.FixedZone("IST", 5*3600+1800)
	rupees = pricing.IndianFormat()
)

// pages are the parsed templates, one set per page, each with the layout around it.
type pages struct{ sets map[string]*template.Template }

func newPages() (*pages, error) {
	layout, err := template.New("layout").Funcs(template.FuncMap{
		"money":    rupees.Money,
		"amount":   func(d decimal.Decimal) string { return rupees.Amount(d.Round(2)) },
		"percent":  func(d decimal.Decimal) string { return d.String() + "%" },
		"sum":      pricing.Sum,
		"words":    func(s any) string { return strings.ReplaceAll(fmt.Sprint(s), "_", " ") },
		"clock":    func(t time.Time) string { return t.In(india).Format("15:04:05") },
		"hour":     func(t time.Time) string { return t.In(india).Format("3:04 pm") },
		"day":      func(t time.Time) string { return t.In(india).Format("2 Jan, 3:04 pm") },
		"said":     said,
		"iso":      func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"plain":    plain,
		"odds":     odds,
		"delivery": func(q *quote.Quote) decimal.Decimal { return delivery(*q) },
		"json":     func(v any) (string, error) { b, err := json.Marshal(v); return string(b), err },
	}).ParseFS(templates, "templates/layout.html", "templates/parts.html")
	if err != nil {
		return nil, err
	}
	files, err := templates.ReadDir("templates")
	if err != nil {
		return nil, err
	}
	p := &pages{sets: map[string]*template.Template{}}
	for _, f := range files {
		set, err := layout.Clone()
		if err != nil {
			return nil, err
		}
		if p.sets[strings.TrimSuffix(f.Name(), ".html")], err = set.ParseFS(templates, path.Join("templates", f.Name())); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// plain shows text that staff wrote as HTML without its tags: this shop takes no markup from anywhere.
func plain(html string) string {
	return strings.TrimSpace(htmlpkg.UnescapeString(tags.ReplaceAllString(html, " ")))
}

// said ends a reason that a package gave as a sentence about its field: "PIN code is required."
func said(label, reason string) string { return label + " " + reason + "." }

// frame is what the layout shows around a page.
type frame struct {
	Pieces int64 // in the cart
	Real   bool  // the payment window is Razorpay's
	Page   any
}

// show renders a page. It is rendered whole before anything is sent, so that a mistake never leaves half a page.
func (s *server) show(w http.ResponseWriter, r *http.Request, status int, name string, page any) {
	f := frame{Page: page, Real: s.window != nil && s.window.mock == nil}
	if who, err := s.guests.Identify(r); err == nil {
		if view, err := s.carts.View(r.Context(), cart.Owner(who.Owner())); err == nil {
			f.Pieces = view.Cart.Pieces()
		}
	}
	var body bytes.Buffer
	if err := s.pages.sets[name].ExecuteTemplate(&body, "layout", f); err != nil {
		s.log.ErrorContext(r.Context(), "rendering", "page", name, "error", err)
		http.Error(w, "This page cannot be shown.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = body.WriteTo(w)
}
