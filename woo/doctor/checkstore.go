package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo"
)

// asWoo finds the client's own error.
func asWoo(err error) (*woo.Error, bool) {
	var failed *woo.Error
	return failed, errors.As(err, &failed)
}

// badCertificate reports whether a connection failed over the certificate.
func badCertificate(err error) bool {
	var verify *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	return errors.As(err, &verify) || errors.As(err, &authority)
}

// checkReachable tells no answer from a bad one.
func (e *exam) checkReachable() []Finding {
	failed, ok := asWoo(e.index.err)
	switch {
	case !ok || e.index.err == nil:
		return nil
	case errors.Is(failed, context.Canceled), badCertificate(failed):
		return unchecked(reasonOf(failed))
	case failed.Status == 0:
		return found(Breaks, "no answer: %s", reasonOf(failed))
	case failed.Status == http.StatusServiceUnavailable, failed.Kind == woo.RateLimited:
		return found(Breaks, "the store asks to come back later: %s", reasonOf(failed))
	case failed.Status >= http.StatusInternalServerError:
		return found(Breaks, "the store is broken: %s", reasonOf(failed))
	}
	return nil
}

// soon is how long before its end a certificate is worth a word: two weeks, or
// for a short-lived one a quarter of its life.
func soon(c *x509.Certificate) time.Duration {
	return min(14*24*time.Hour, c.NotAfter.Sub(c.NotBefore)/4)
}

func (e *exam) checkTLS() []Finding {
	if badCertificate(e.index.err) {
		return found(Breaks, "the store's certificate is not accepted: %s", reasonOf(e.index.err))
	}
	e.wire.mu.Lock()
	defer e.wire.mu.Unlock()
	certificate := e.wire.certificate()
	switch {
	case !e.wire.seen():
		return unchecked("there was no connection")
	case e.wire.tls == nil && e.wire.private():
		return found(Notes, "the store is asked over plain http, on this machine or its network")
	case e.wire.tls == nil:
		return found(Breaks, "the store is asked over plain http, across the internet")
	case certificate != nil && certificate.NotAfter.Before(e.o.Now().Add(soon(certificate))):
		return found(Warns, "the certificate ends on %s", certificate.NotAfter.UTC().Format("2 January 2006"))
	}
	return nil
}

// checkREST looks at what kind of wrong answer there was. What store.reachable
// says already is not said again.
func (e *exam) checkREST() []Finding {
	failed, ok := asWoo(e.index.err)
	switch {
	case e.index.err == nil:
		return nil
	case !ok:
		return unchecked(e.index.reason())
	case failed.Status == 0 || failed.Status == http.StatusServiceUnavailable || failed.Kind == woo.RateLimited || failed.Status >= 500:
		return unchecked("the store did not answer")
	case failed.Code == "rest_no_route":
		return found(Breaks, "WordPress answers, but WooCommerce's REST API is not there: is the plugin active?")
	case failed.Kind == woo.Unauthorised && failed.Code != "":
		return found(Warns, "strangers may not use the REST API at all (%s): carts over the Store API cannot work", failed.Code)
	case failed.Status >= 300 && failed.Status < 400:
		where := "another address"
		if to, err := url.Parse(e.index.reply.Header.Get("Location")); err == nil && to.Host != "" {
			where = to.Scheme + "://" + to.Host
		}
		return found(Breaks, "the store redirects to %s (HTTP %d)", where, failed.Status)
	case failed.Status == http.StatusNotFound:
		return found(Breaks, "there is no /wp-json/ (HTTP 404): permalinks are plain, or the address is not the site's")
	}
	return found(Breaks, "something else answers in its place: %s", reasonOf(failed))
}

// checkAddress compares scheme, host and port of the site's own address with
// those that were asked.
func (e *exam) checkAddress() []Finding {
	if !e.status.ok() {
		return unchecked(e.status.reason())
	}
	home, err := url.Parse(e.system.Environment.HomeURL)
	asked, askedErr := url.Parse(e.store())
	switch {
	case err != nil || askedErr != nil || home.Host == "":
		return unchecked("the store does not say its address")
	case !strings.EqualFold(origin(home), origin(asked)):
		return found(Breaks, "WordPress calls itself %s, it is asked at %s", origin(home), origin(asked))
	case strings.TrimSuffix(home.Path, "/") != strings.TrimSuffix(asked.Path, "/"):
		return found(Warns, "WordPress's home is in the folder %q, it is asked in %q", home.Path, asked.Path)
	}
	return nil
}

// origin is scheme, host and port, the usual port left out.
func origin(u *url.URL) string {
	host := u.Host
	if u.Port() == map[string]string{"https": "443", "http": "80"}[u.Scheme] {
		host = strings.TrimSuffix(host, ":"+u.Port())
	}
	return u.Scheme + "://" + host
}

func (e *exam) checkPHPOutput() []Finding {
	for _, a := range e.answers {
		if a.noise != "" {
			return found(Breaks, "%s stands around the JSON of %s", a.noise, a.what)
		}
		if errors.Is(a.err, woo.ErrBadAnswer) && strings.Contains(a.err.Error(), "PHP messages") {
			return found(Breaks, "%s: %s", a.what, reasonOf(a.err))
		}
	}
	switch {
	case !e.status.ok():
		return unchecked(e.status.reason())
	case e.system.Security.HideErrors == nil:
		return unchecked("the store does not say whether it shows errors")
	case !*e.system.Security.HideErrors:
		return found(Warns, "the store is set to show PHP errors to visitors; none appeared this time")
	}
	return nil
}

// skew is how far clocks may differ, the time of a request aside.
const skew = 30 * time.Second

// checkClock compares the Date of an answer that no cache can have kept.
func (e *exam) checkClock() []Finding {
	for _, a := range []asked{e.ordersMay, e.status, e.index} {
		off, ok := a.clockOff()
		if !ok {
			continue
		}
		direction := "ahead"
		if off < 0 {
			direction = "behind"
		}
		switch off = off.Abs(); {
		case off > 10*time.Minute:
			return found(Breaks, "the store's clock is %s %s", off.Round(time.Second), direction)
		case off > skew:
			return found(Warns, "the store's clock is %s %s", off.Round(time.Second), direction)
		}
		return nil
	}
	return unchecked("no answer has a date")
}

// clockOff is how far the answer's Date lies outside the time in which it was
// made, whole seconds allowed for.
func (a asked) clockOff() (time.Duration, bool) {
	date, err := http.ParseTime(a.reply.Header.Get("Date"))
	switch {
	case err != nil || a.to.IsZero():
		return 0, false
	case date.Before(a.from.Truncate(time.Second)):
		return date.Sub(a.from.Truncate(time.Second)), true
	case date.After(a.to):
		return date.Sub(a.to), true
	}
	return 0, true
}

// checkTimers looks for work that the store's timers left undone. One kind alone
// can have another cause, such as a plugin that keeps its unpaid orders.
func (e *exam) checkTimers() []Finding {
	overdue := 0
	for _, o := range e.late {
		if o.CreatedVia == "checkout" {
			overdue++
		}
	}
	const unpaid, drafts = "%d unpaid orders of the store's own checkout should have been cancelled a day ago or more", "%d draft orders should have been deleted two days ago or more"
	switch {
	case overdue > 0 && len(e.stale) > 0:
		return found(Breaks, unpaid+", and "+drafts, overdue, len(e.stale))
	case overdue > 0:
		return found(Warns, unpaid, overdue)
	case len(e.stale) > 0:
		return found(Warns, drafts, len(e.stale))
	case !e.status.ok():
		return unchecked(e.status.reason())
	case !e.drafts.ok() || e.unpaid.err != nil:
		return unchecked(firstReason(e.drafts, e.unpaid))
	case e.system.Environment.Cron == nil:
		return unchecked("the store does not say whether WP-Cron is on; nothing overdue was found")
	case !*e.system.Environment.Cron:
		return []Finding{{
			Severity: Notes, Found: "WP-Cron is switched off (DISABLE_WP_CRON), so the host has to call wp-cron.php; nothing overdue was found",
			Breaks: "Nothing, as long as the host does. If it stops, webhooks, sales and the cancelling of unpaid orders stop too.",
		}}
	}
	return nil
}

func (e *exam) checkExecution() []Finding {
	if !e.status.ok() {
		return unchecked(e.status.reason())
	}
	seconds := e.system.Environment.MaxExecution
	if seconds == nil {
		return unchecked("the store does not say its max_execution_time")
	}
	limit := time.Duration(min(max(*seconds, 0), 1<<31)) * time.Second
	settle, lease := e.o.Policy.Settle, e.o.Policy.Lease
	switch {
	case limit <= 0:
		return found(Warns, "PHP's max_execution_time is unlimited; after a lost answer the checkout waits %s", settle)
	case settle <= lease+limit:
		return found(Warns, "PHP's max_execution_time is %s, and Policy.Settle (%s) must exceed it plus Policy.Lease (%s)", limit, settle, lease)
	}
	return nil
}
