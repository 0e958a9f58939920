package shop

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

// Shop is what does not change while a store runs.
type Shop struct {
	URL              string
	Zone             *time.Location
	Title            string
	WooVersion       string
	WordPressVersion string
	Countries        []string
	Now              func() time.Time

	Settings map[string][]wp.Object // by group, in recorded order
	Values   map[string]string      // option name -> value, lists left out
	Lists    map[string][]string    // options that are lists

	Rates      []TaxRate
	TaxRows    []wp.Object
	TaxClasses []wp.Object
	Zones      []wp.Object
	ZoneSpots  map[string][]wp.Object
	ZoneWays   map[string][]wp.Object
	Methods    []wp.Object
	Gateways   []Gateway
	Currency   wp.Object
	States     []wp.Object
	Status     wp.Object
	Categories []Category
	Tags       []Term
	Taxonomies []Taxonomy
	Reviews    []Review
}

// SiteFile is site.json: what the other files do not say.
type SiteFile struct {
	Title     string   `json:"title"`
	Offset    int      `json:"utc_offset_minutes"`
	Woo       string   `json:"woocommerce"`
	WordPress string   `json:"wordpress"`
	Comments  int64    `json:"comments"` // order notes are comments and count on from here
	Items     int64    `json:"items"`    // order items count on from here
	Countries []string `json:"country_codes"`
}

// Category is a product category.
type Category struct {
	Term
	Parent      int64           `json:"parent"`
	Description string          `json:"description"`
	Display     string          `json:"display"`
	Image       json.RawMessage `json:"image"`
	MenuOrder   int64           `json:"menu_order"`
}

// Taxonomy is a global attribute with its terms.
type Taxonomy struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	Slug    string `json:"slug"`
	Type    string `json:"type"`
	OrderBy string `json:"order_by"`
	Archive bool   `json:"has_archives"`
	Terms   []Term `json:"terms"`
}

// Gateway is a payment method.
type Gateway struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Enabled     bool   `json:"enabled"`
	Order       any    `json:"order"`
}

// Loader reads the files of a catalogue and keeps the first error.
type Loader struct {
	Files fs.FS
	URL   string
	Err   error
}

// Read decodes a file of the catalogue; a missing one leaves into as it is.
func (l *Loader) Read(name string, into any) {
	if l.Err != nil {
		return
	}
	raw, err := fs.ReadFile(l.Files, name)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err == nil {
		text := strings.ReplaceAll(string(raw), recordedHost, l.URL)
		err = json.Unmarshal([]byte(text), into)
	}
	if err != nil {
		l.Err = fmt.Errorf("catalogue file %s: %w", name, err)
	}
}

func (l *Loader) objects(name string) []wp.Object {
	var raw []json.RawMessage
	l.Read(name, &raw)
	return l.decodeAll(name, raw)
}

func (l *Loader) decodeAll(name string, raw []json.RawMessage) []wp.Object {
	out := make([]wp.Object, 0, len(raw))
	for _, r := range raw {
		o, err := wp.DecodeObject(r)
		if err != nil && l.Err == nil {
			l.Err = fmt.Errorf("catalogue file %s: %w", name, err)
		}
		out = append(out, o)
	}
	return out
}

func (l *Loader) object(name string) wp.Object {
	var raw json.RawMessage
	l.Read(name, &raw)
	if len(raw) == 0 {
		return wp.Object{}
	}
	return l.decodeAll(name, []json.RawMessage{raw})[0]
}

func (l *Loader) byKey(name string) map[string][]wp.Object {
	var raw map[string][]json.RawMessage
	l.Read(name, &raw)
	out := map[string][]wp.Object{}
	for key, list := range raw {
		out[key] = l.decodeAll(name, list)
	}
	return out
}

// Load reads what does not change; l keeps the first error.
func Load(l *Loader) *Shop {
	var site SiteFile
	l.Read("site.json", &site)
	sh := &Shop{
		URL: l.URL, Title: site.Title, WooVersion: site.Woo, WordPressVersion: site.WordPress, Countries: site.Countries,
		Zone: time.FixedZone("", site.Offset*60), Settings: map[string][]wp.Object{}, Values: map[string]string{}, Lists: map[string][]string{},
	}
	for _, group := range []string{"general", "tax", "products", "account"} {
		sh.Settings[group] = l.objects("settings_" + group + ".json")
		sh.learn(sh.Settings[group])
	}
	l.Read("taxes.json", &sh.Rates)
	sh.TaxRows = l.objects("taxes.json")
	sh.TaxClasses = l.objects("tax_classes.json")
	sh.Zones = l.objects("shipping_zones.json")
	sh.ZoneSpots = l.byKey("shipping_zone_locations.json")
	sh.ZoneWays = l.byKey("shipping_zone_methods.json")
	sh.Methods = l.objects("shipping_methods.json")
	sh.Currency = l.object("currency.json")
	sh.States = l.objects("countries.json")
	sh.Status = l.object("system_status.json")
	l.Read("payment_gateways.json", &sh.Gateways)
	l.Read("categories.json", &sh.Categories)
	l.Read("tags.json", &sh.Tags)
	l.Read("attributes.json", &sh.Taxonomies)
	l.Read("reviews.json", &sh.Reviews)
	return sh
}

func (sh *Shop) learn(settings []wp.Object) {
	for _, s := range settings {
		id, _ := s.Get("id")
		value, _ := s.Get("value")
		name, raw := wp.RawText(id), wp.RawOf(value)
		var list []string
		if json.Unmarshal(raw, &list) == nil {
			sh.Lists[name] = list
			continue
		}
		sh.Values[name] = wp.RawText(value)
	}
}

// Yes says whether an option is switched on.
func (sh *Shop) Yes(option string) bool { return sh.Values[option] == "yes" }

// Decode decodes an account and keeps the first error.
func (l *Loader) Decode(raw json.RawMessage, into any) {
	if err := json.Unmarshal(raw, into); err != nil && l.Err == nil {
		l.Err = fmt.Errorf("catalogue file users.json or customers.json: %w", err)
	}
}

// Review is a product's review as REST lists it.
type Review struct {
	ID         int64             `json:"id"`
	Created    Time              `json:"date_created_gmt"`
	ProductID  int64             `json:"product_id"`
	Reviewer   string            `json:"reviewer"`
	Text       string            `json:"review"`
	Rating     int64             `json:"rating"`
	Verified   bool              `json:"verified"`
	AvatarURLs map[string]string `json:"reviewer_avatar_urls"`
}
