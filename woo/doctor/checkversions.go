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

// parseSeries reads "10.4.3", "7.1-RC2" or "8".
func parseSeries(text string) (series, bool) {
	major, rest, _ := strings.Cut(text, ".")
	end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	if end >= 0 {
		rest = rest[:end]
	}
	a, errA := strconv.Atoi(major)
	b, errB := strconv.Atoi(cmp.Or(rest, "0"))
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
		WordPress: e.system.Environment.WordPress, WooCommerce: e.system.Environment.Version, PHP: e.system.Environment.PHP,
		WPGraphQL: e.plugin(pluginGraphQL), WooGraphQL: e.plugin(pluginWooQL), JWT: e.plugin(pluginJWT),
		Companion: e.companionVersion,
	}
	for _, text := range []*string{&v.WordPress, &v.WooCommerce, &v.PHP, &v.WPGraphQL, &v.WooGraphQL, &v.JWT, &v.Companion} {
		*text = plain(*text, mostWord)
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
	return span{"WordPress", series{6, 8}, series{7, 1}, "6.8 to 7.1"}.orOlder().measured(e.system.Environment.WordPress)
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
	return span{"PHP", series{7, 4}, series{8, 3}, "8.2 here, 7.4 to 8.3 for the companion plugin"}.orOlder().measured(e.system.Environment.PHP)
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

// checkCompanion wants the plugin this library brings, and its header on what it
// answers in WooCommerce's place.
func (e *exam) checkCompanion() []Finding {
	failed, _ := asWoo(e.companion.err)
	switch {
	case e.away != nil:
		return unchecked(reasonOf(e.away))
	case e.companion.ok() && e.companionVersion != companion.Version:
		return found(Warns, "version %s is in the store, this library brings %s", e.companionVersion, companion.Version)
	case e.companion.ok() && e.status.ok() && e.status.reply.Header.Get(companionMark) == "":
		return found(Warns, "it is there, but something in front of the store drops its header %s: a replayed order cannot be told from a new one", companionMark)
	case e.companion.ok():
		return nil
	case failed != nil && (failed.Code == "rest_no_route" || errors.Is(failed, woo.ErrNotFound)):
		return found(Notes, "it is not there")
	}
	return unchecked(e.companion.reason())
}

func (e *exam) checkHPOS() []Finding {
	switch {
	case !e.status.ok():
		return unchecked(e.status.reason())
	case e.system.Settings.HPOS == nil:
		return unchecked("the store does not say where its orders are")
	case !*e.system.Settings.HPOS:
		return found(Warns, "orders are stored as posts")
	}
	return nil
}
