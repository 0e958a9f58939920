package checkout

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// TimelineEntry is one line of a checkout's history.
type TimelineEntry struct {
	At     time.Time `json:"at"`
	What   string    `json:"what"`
	Actor  string    `json:"actor"` // "shopper", "gateway", "woocommerce", "ankkor", or what the host calls its staff
	Detail string    `json:"detail,omitempty"`
}

// Actors in the timeline.
const (
	actorShopper = "shopper"
	actorEngine  = "ankkor"
	actorGateway = "gateway"
	actorStore   = "woocommerce"
)

// alertEntry is what an entry says that calls for a person.
const alertEntry = "alert"

// Caps on what others put into the timeline, in bytes.
const (
	maxActor  = 100
	maxDetail = 300
)

// log appends to the timeline and moves UpdatedAt.
func (r *Record) log(now time.Time, actor, what, detail string) {
	r.UpdatedAt = now
	r.Timeline = append(r.Timeline, TimelineEntry{
		At: now, What: what, Actor: clip(actor, maxActor), Detail: clip(detail, maxDetail),
	})
}

// chose notes a shopper's choice in place of an earlier one of its kind: a shopper who chooses a thousand times does not
// make the record grow.
func (r *Record) chose(now time.Time, what, detail string) {
	r.Timeline = slices.DeleteFunc(slices.Clone(r.Timeline), func(t TimelineEntry) bool {
		return t.What == what && t.Actor == actorShopper
	})
	r.log(now, actorShopper, what, detail)
}

// alert notes something a person must look at, once.
func (r *Record) alert(now time.Time, text, detail string) {
	text = clip(text, maxDetail)
	if slices.Contains(r.Alerts, text) {
		return
	}
	r.Alerts = append(r.Alerts, text)
	r.log(now, actorEngine, alertEntry, strings.TrimSuffix(text+": "+detail, ": "))
}

// clip makes foreign text fit to be kept and shown: valid UTF-8 on one line, of at most limit bytes.
func clip(s string, limit int) string {
	s = strings.ToValidUTF8(s[:min(len(s), limit)], "")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}
