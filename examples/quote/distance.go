package main

import (
	"strconv"
	"strings"
	"time"
)

// distance reads "+30 days" or "-1 minute".
func distance(text string) (time.Duration, bool) {
	count, unit, ok := strings.Cut(text, " ")
	n, err := strconv.ParseInt(count, 10, 32)
	if !ok || err != nil {
		return 0, false
	}
	units := map[string]time.Duration{"second": time.Second, "minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour}
	length, ok := units[strings.TrimSuffix(unit, "s")]
	if !ok || n > 10_000 || n < -10_000 {
		return 0, false
	}
	return time.Duration(n) * length, true
}
