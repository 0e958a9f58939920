package doctor

import (
	"cmp"
	"errors"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/companion"
)

// series is the first two numbers of a version.
type series struct{ major, minor int }

func parseSeries(text string) (series, bool) {
	major, rest, _ := strings.Cut(text, ".")
	minor, _, _ := strings.Cut(rest, ".")
	a, errA := strconv.Atoi(major)
	b, errB := strconv.Atoi(strings.TrimRight(cmp.Or(minor, "0"), "abcdefghijklmnopqrstuvwxyz-+"))
	return series{a, b}, errA == nil && errB == nil
}

func (s series) before(o series) bool {
	return s.major < o.major || s.major == o.major && s.minor < o.minor
}

// span is what was measured of a part: from the first to the last series.
type span struct {
	name        string
	first, last series
	text        string
}

// measured compares a version with what was measured.
func (m span) measured(version string) []Finding {
	is, ok := parseSeries(version)
	switch {
	case !ok:
		return unchecked("the store does not say its " + m.name + " version")
	case is.before(m.first):
		return found(Breaks, "%s %s is older than everything measured (%s)", m.name, version, m.text)
	case m.last.before(is):
		return found(Warns, "%s %s is newer than everything measured (%s)", m.name, version, m.text)
	}
	return nil
}

// plugin is an active plugin's version, "" where it is not there.
func (e *exam) plugin(folder string) string {
	for _, p := range e.system.Plugins {
		if strings.HasPrefix(p.File, folder+"/") {
			return p.Version
		}
	}
	return ""
}

const (
	pluginGraphQL = "wp-graphql"
	pluginWooQL   = "wp-graphql-woocommerce"
	pluginJWT     = "wp-graphql-jwt-authentication"
	companionMark = "X-Ankkor-Companion"
)

func (e *exam) versions() Versions {
	v := Versions{
		WordPress: e.system.Environment.WordPressVersion, WooCommerce: e.system.Environment.Version, PHP: e.system.Environment.PHPVersion,
		WPGraphQL: e.plugin(pluginGraphQL), WooGraphQL: e.plugin(pluginWooQL), JWT: e.plugin(pluginJWT),
		Companion: e.companion.reply.Header.Get(companionMark),
	}
	if evidence, err := quote.EvidenceFor(v.WooCommerce); err == nil {
		v.Arithmetic = string(evidence)
	}
	return v
}

func (e *exam) checkWordPress() []Finding {
	if !e.status.ok() {
		return unchecked(e.status.reason())
	}
	return span{"WordPress", series{6, 8}, series{7, 1}, "6.8 to 7.1"}.orOlder().measured(e.system.Environment.WordPressVersion)
}

// orOlder takes what is older for a warning only.
func (m span) orOlder() older { return older{m} }

type older struct{ span }

func (m older) measured(version string) []Finding {
	list := m.span.measured(version)
	for i := range list {
		if list[i].Severity == Breaks {
			list[i].Severity = Warns
		}
	}
	return list
}

func (e *exam) checkWooCommerce() []Finding {
	if !e.status.ok() {
		return unchecked(e.status.reason())
	}
	return span{"WooCommerce", series{9, 8}, series{11, 0}, "9.8 to 11.0"}.measured(e.system.Environment.Version)
}

func (e *exam) checkPHP() []Finding {
	if !e.status.ok() {
		return unchecked(e.status.reason())
	}
	return span{"PHP", series{7, 4}, series{8, 3}, "8.2 here, 7.4 to 8.3 for the companion plugin"}.orOlder().measured(e.system.Environment.PHPVersion)
}

func (e *exam) checkWPGraphQL() []Finding {
	return e.checkPlugin(pluginGraphQL, span{"WPGraphQL", series{2, 0}, series{2, 20}, "2.20"})
}

func (e *exam) checkWooGraphQL() []Finding {
	return e.checkPlugin(pluginWooQL, span{"WooGraphQL", series{0, 21}, series{1, 0}, "0.21 and 1.0"})
}

// checkPlugin warns only: a shop may do without GraphQL. Whether this client
// does is asked under graphql.reachable and products.prices.
func (e *exam) checkPlugin(folder string, m span) []Finding {
	version := e.plugin(folder)
	switch {
	case !e.status.ok():
		return unchecked(e.status.reason())
	case version == "" && e.shop.ok():
		return unchecked("it answers, but the store does not list it among its plugins")
	case version == "":
		return found(Notes, "%s is not active", m.name)
	}
	return m.orOlder().measured(version)
}

func (e *exam) checkCompanion() []Finding {
	failed, _ := asWoo(e.companion.err)
	version := e.companion.reply.Header.Get(companionMark)
	switch {
	case e.companion.ok() && version == companion.Version:
		return nil
	case e.companion.ok() && version == "":
		return found(Warns, "it is there, but a proxy drops its header %s: replayed orders cannot be told from new ones", companionMark)
	case e.companion.ok():
		return found(Warns, "version %s is in the store, this library brings %s", version, companion.Version)
	case failed != nil && (failed.Code == "rest_no_route" || errors.Is(failed, woo.ErrNotFound)):
		return found(Notes, "it is not there")
	}
	return unchecked(e.companion.reason())
}

func (e *exam) checkHPOS() []Finding {
	switch {
	case !e.status.ok():
		return unchecked(e.status.reason())
	case e.system.Settings.OrderDatastore == "" && !e.system.Settings.HPOSEnabled:
		return unchecked("the store does not say where its orders are")
	case !e.system.Settings.HPOSEnabled:
		return found(Warns, "orders are stored as posts")
	}
	return nil
}
