package shop

import (
	"encoding/json"
	"time"
)

// Time is a moment as WordPress writes it in its *_gmt fields: UTC, whole
// seconds, without a zone.
type Time struct{ time.Time }

const wpLayout = "2006-01-02T15:04:05"

// UnmarshalJSON implements json.Unmarshaler.
func (t *Time) UnmarshalJSON(raw []byte) error {
	var s *string
	if err := json.Unmarshal(raw, &s); err != nil || s == nil {
		return err
	}
	parsed, err := time.ParseInLocation(wpLayout, *s, time.UTC)
	t.Time = parsed
	return err
}

// Local is the site's clock time, without a zone; nil when unset.
func (sh *Shop) Local(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.In(sh.Zone).Format(wpLayout)
}

// GMT is the same moment in UTC, without a zone; nil when unset.
func GMT(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(wpLayout)
}

// ParseLocal reads a date of the REST API: with an offset or Z it says its own
// zone; without one it is the site's time, or UTC when asGMT.
func (sh *Shop) ParseLocal(text string, asGMT bool) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, true
	}
	zone := sh.Zone
	if asGMT {
		zone = time.UTC
	}
	for _, layout := range []string{wpLayout, "2006-01-02 15:04:05", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// PointTime is the moment t points to, zero for nil.
func PointTime(t *Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.Time
}
