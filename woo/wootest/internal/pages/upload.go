package pages

import (
	"fmt"
	"hash/fnv"
	"html"
	"net/http"
	"path"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// Upload draws a placeholder for a picture: the recorded store's own
// files are not part of the data. SVG, whatever the name ends in.
func (s *Front) Upload(req *wire.Request) wire.Reply {
	name := path.Base(req.Path)
	ext := path.Ext(name)
	if ext != ".jpg" && ext != ".png" && ext != ".jpeg" && ext != ".svg" && ext != ".webp" {
		return wire.HTMLReply(http.StatusNotFound, "Page not found")
	}
	h := http.Header{}
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Cache-Control", "public, max-age=3600")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	return wire.Reply{Status: http.StatusOK, Header: h, Body: []byte(drawPlaceholder(strings.TrimSuffix(name, ext)))}
}

// drawPlaceholder is a coloured tile with the picture's name; the same name
// always gives the same colours, in every size.
func drawPlaceholder(name string) string {
	if base, size, ok := wp.CutLast(name, "-"); ok && strings.Contains(size, "x") && strings.Trim(size, "0123456789x") == "" {
		name = base
	}
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(name)) // a hash never fails
	hue := sum.Sum32() % 360
	label := html.EscapeString(strings.ReplaceAll(name, "-", " "))
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600" role="img" aria-label="%[1]s">`+
		`<defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="hsl(%[2]d 55%% 72%%)"/><stop offset="1" stop-color="hsl(%[3]d 60%% 45%%)"/></linearGradient></defs>`+
		`<rect width="600" height="600" fill="url(#g)"/><circle cx="300" cy="255" r="135" fill="hsl(%[2]d 70%% 92%% / .55)"/>`+
		`<path d="M165 420c40-70 230-70 270 0" fill="none" stroke="hsl(%[3]d 60%% 25%% / .5)" stroke-width="14" stroke-linecap="round"/>`+
		`<text x="300" y="530" text-anchor="middle" font-family="Georgia,serif" font-size="46" fill="#fff">%[1]s</text></svg>`,
		label, hue, (hue+35)%360)
}
