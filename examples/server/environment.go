package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/ankkor/ankkor/auth"
)

// secret is a word that no verb, encoder or logger prints; packages auth, payment and woo use the same type.
type secret = auth.Secret

// environment reads variables and remembers every mistake, so that all of them are reported at once. No message repeats
// a value: it may be a secret in the wrong variable.
type environment struct {
	get  func(string) string
	errs []error
}

func (e *environment) wrong(name, reason string) {
	e.errs = append(e.errs, fmt.Errorf("%s %s", name, reason))
}

func (e *environment) err() error { return errors.Join(e.errs...) }

// text reads a variable, or the fallback where it is not set.
func (e *environment) text(name, fallback string) string {
	if v := strings.TrimSpace(e.get(name)); v != "" {
		return v
	}
	return fallback
}

func (e *environment) required(name string) string {
	v := e.text(name, "")
	if v == "" {
		e.wrong(name, "is required")
	}
	return v
}

// secret reads NAME, or the file that NAME_FILE names, as container platforms mount secrets.
func (e *environment) secret(name string) secret {
	value, file := e.text(name, ""), e.text(name+"_FILE", "")
	switch {
	case value != "" && file != "":
		e.wrong(name, "is set and "+name+"_FILE is, too: set one")
	case file != "":
		data, err := os.ReadFile(file)
		if err != nil {
			e.wrong(name+"_FILE", "names a file that cannot be read")
		}
		value = strings.TrimSpace(string(data))
	}
	return auth.NewSecret(value)
}

func (e *environment) requiredSecret(name string) secret {
	before := len(e.errs)
	s := e.secret(name)
	if s.Len() == 0 && len(e.errs) == before {
		e.wrong(name, "is required (or "+name+"_FILE)")
	}
	return s
}

// secrets reads a list: the one in use, then those that are being replaced.
func (e *environment) secrets(name string, atLeast int) []secret {
	var list []secret
	for word := range strings.SplitSeq(e.secret(name).Reveal(), ",") {
		if word = strings.TrimSpace(word); word != "" {
			list = append(list, auth.NewSecret(word))
		}
	}
	for _, s := range list {
		if s.Len() < atLeast {
			e.wrong(name, fmt.Sprintf("holds a secret shorter than %d bytes", atLeast))
			break
		}
	}
	return list
}

func (e *environment) duration(name string, fallback time.Duration) time.Duration {
	v := e.text(name, "")
	if v == "" {
		return fallback
	}
	d, err := time.ParseDuration(v)
	if err != nil || d < 0 {
		e.wrong(name, "wants a duration such as 5s")
	}
	return d
}

func (e *environment) count(name string, fallback, least, most int) int {
	v := e.text(name, "")
	if v == "" {
		return fallback
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < least || n > most {
		e.wrong(name, fmt.Sprintf("wants a number from %d to %d", least, most))
	}
	return n
}

func (e *environment) yes(name string) bool {
	v := e.text(name, "")
	b, err := strconv.ParseBool(v)
	if v != "" && err != nil {
		e.wrong(name, "wants true or false")
	}
	return b
}

// yesUnless is yes unless the variable says no.
func (e *environment) yesUnless(name string) bool { return e.text(name, "") == "" || e.yes(name) }

// address reads a web address without a path's slash at its end.
func (e *environment) address(name string) string {
	v := strings.TrimRight(e.text(name, ""), "/")
	if v == "" {
		return ""
	}
	u, err := url.Parse(v)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		e.wrong(name, "wants an address such as https://shop.example")
	}
	return v
}

func (e *environment) level(name string) slog.Level {
	var l slog.Level
	if err := l.UnmarshalText([]byte(e.text(name, "info"))); err != nil {
		e.wrong(name, "wants debug, info, warn or error")
	}
	return l
}
