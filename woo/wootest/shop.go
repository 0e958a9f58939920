package wootest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// recordedHost stands in the data where the recorded store's address was.
const recordedHost = "https://shop.example.test"

// shop is what does not change while a store runs.
type shop struct {
	url        string
	zone       *time.Location
	title      string
	wooVersion string
	wpVersion  string
	countries  []string
	now        func() time.Time

	settings map[string][]wp.Object // by group, in recorded order
	values   map[string]string      // option name -> value, lists left out
	lists    map[string][]string    // options that are lists

	rates      []taxRate
	taxRows    []wp.Object
	taxClasses []wp.Object
	zones      []wp.Object
	zoneSpots  map[string][]wp.Object
	zoneWays   map[string][]wp.Object
	methods    []wp.Object
	gateways   []gateway
	currency   wp.Object
	states     []wp.Object
	status     wp.Object
	categories []category
	tags       []term
	taxonomies []taxonomy
	reviews    []review
}

type siteFile struct {
	Title     string   `json:"title"`
	Offset    int      `json:"utc_offset_minutes"`
	Woo       string   `json:"woocommerce"`
	WordPress string   `json:"wordpress"`
	Comments  int64    `json:"comments"` // order notes are comments and count on from here
	Items     int64    `json:"items"`    // order items count on from here
	Countries []string `json:"country_codes"`
}

type category struct {
	term
	Parent      int64           `json:"parent"`
	Description string          `json:"description"`
	Display     string          `json:"display"`
	Image       json.RawMessage `json:"image"`
	MenuOrder   int64           `json:"menu_order"`
}

type taxonomy struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	Slug    string `json:"slug"`
	Type    string `json:"type"`
	OrderBy string `json:"order_by"`
	Archive bool   `json:"has_archives"`
	Terms   []term `json:"terms"`
}

type gateway struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Enabled     bool   `json:"enabled"`
	Order       any    `json:"order"`
}

// loader reads the files of a catalogue and keeps the first error.
type loader struct {
	files fs.FS
	url   string
	err   error
}

func (l *loader) read(name string, into any) {
	if l.err != nil {
		return
	}
	raw, err := fs.ReadFile(l.files, name)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err == nil {
		text := strings.ReplaceAll(string(raw), recordedHost, l.url)
		err = json.Unmarshal([]byte(text), into)
	}
	if err != nil {
		l.err = fmt.Errorf("catalogue file %s: %w", name, err)
	}
}

func (l *loader) objects(name string) []wp.Object {
	var raw []json.RawMessage
	l.read(name, &raw)
	return l.decodeAll(name, raw)
}

func (l *loader) decodeAll(name string, raw []json.RawMessage) []wp.Object {
	out := make([]wp.Object, 0, len(raw))
	for _, r := range raw {
		o, err := wp.DecodeObject(r)
		if err != nil && l.err == nil {
			l.err = fmt.Errorf("catalogue file %s: %w", name, err)
		}
		out = append(out, o)
	}
	return out
}

func (l *loader) object(name string) wp.Object {
	var raw json.RawMessage
	l.read(name, &raw)
	if len(raw) == 0 {
		return wp.Object{}
	}
	return l.decodeAll(name, []json.RawMessage{raw})[0]
}

func (l *loader) byKey(name string) map[string][]wp.Object {
	var raw map[string][]json.RawMessage
	l.read(name, &raw)
	out := map[string][]wp.Object{}
	for key, list := range raw {
		out[key] = l.decodeAll(name, list)
	}
	return out
}

func loadShop(l *loader) *shop {
	var site siteFile
	l.read("site.json", &site)
	sh := &shop{
		url: l.url, title: site.Title, wooVersion: site.Woo, wpVersion: site.WordPress, countries: site.Countries,
		zone: time.FixedZone("", site.Offset*60), settings: map[string][]wp.Object{}, values: map[string]string{}, lists: map[string][]string{},
	}
	for _, group := range []string{"general", "tax", "products", "account"} {
		sh.settings[group] = l.objects("settings_" + group + ".json")
		sh.learn(sh.settings[group])
	}
	l.read("taxes.json", &sh.rates)
	sh.taxRows = l.objects("taxes.json")
	sh.taxClasses = l.objects("tax_classes.json")
	sh.zones = l.objects("shipping_zones.json")
	sh.zoneSpots = l.byKey("shipping_zone_locations.json")
	sh.zoneWays = l.byKey("shipping_zone_methods.json")
	sh.methods = l.objects("shipping_methods.json")
	sh.currency = l.object("currency.json")
	sh.states = l.objects("countries.json")
	sh.status = l.object("system_status.json")
	l.read("payment_gateways.json", &sh.gateways)
	l.read("categories.json", &sh.categories)
	l.read("tags.json", &sh.tags)
	l.read("attributes.json", &sh.taxonomies)
	l.read("reviews.json", &sh.reviews)
	return sh
}

func (sh *shop) learn(settings []wp.Object) {
	for _, s := range settings {
		id, _ := s.Get("id")
		value, _ := s.Get("value")
		name, raw := wp.RawText(id), wp.RawOf(value)
		var list []string
		if json.Unmarshal(raw, &list) == nil {
			sh.lists[name] = list
			continue
		}
		sh.values[name] = wp.RawText(value)
	}
}

func (sh *shop) yes(option string) bool { return sh.values[option] == "yes" }

func (l *loader) decode(raw json.RawMessage, into any) {
	if err := json.Unmarshal(raw, into); err != nil && l.err == nil {
		l.err = fmt.Errorf("catalogue file users.json or customers.json: %w", err)
	}
}

// review is a product's review as REST lists it.
type review struct {
	ID         int64             `json:"id"`
	Created    wpTime            `json:"date_created_gmt"`
	ProductID  int64             `json:"product_id"`
	Reviewer   string            `json:"reviewer"`
	Text       string            `json:"review"`
	Rating     int64             `json:"rating"`
	Verified   bool              `json:"verified"`
	AvatarURLs map[string]string `json:"reviewer_avatar_urls"`
}
