package rest

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/accounts"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// caller is accounts.WhoIs for code that does not hold the store's lock.
func caller(s *site.Site, req *wire.Request) accounts.Identity {
	s.Lock()
	defer s.Unlock()
	return accounts.WhoIs(s, s.State, req)
}

// officeKey is what a bearer is worth on REST v3: all of it for the back
// office, nothing for a customer.
func officeKey(who accounts.Identity) *site.APIKey {
	if !who.User.IsStaff() {
		return nil
	}
	return &site.APIKey{Read: true, Write: true}
}

// refusal is 403 instead of 401 for somebody REST knows (rest_authorization_required_code).
func refusal(who accounts.Identity, err *wire.Error) *wire.Error {
	if err != nil && who.User != nil {
		err.Status = http.StatusForbidden
	}
	return err
}

// usersMe is the address where WordPress tells who a caller is.
const usersMe = "/wp-json/wp/v2/users/me"

func serveMe(req *wire.Request, header http.Header, who accounts.Identity) wire.Reply {
	switch {
	case req.Method != http.MethodGet:
		return ErrorReply(header, wire.NoRoute())
	case who.User == nil:
		return ErrorReply(header, wire.Fault(http.StatusUnauthorized, "rest_not_logged_in", "You are not currently logged in."))
	}
	accounts.NoCache(header)
	header.Set("Allow", "GET, POST, PUT, PATCH")
	return wire.JSONReply(http.StatusOK, header, meView(who))
}

// meView is the account in the form of WordPress' users controller, with the
// notes WooCommerce's admin screens keep on everybody.
func meView(who accounts.Identity) wp.Object {
	u, home := who.User, who.Issuer
	slug := strings.ToLower(u.Username)
	avatars := wp.Object{}
	for _, size := range []string{"24", "48", "96"} {
		avatars = avatars.With(size, gravatar(u.Email)+"?s="+size+"&d=mm&r=g")
	}
	notes := wp.Object{}
	for _, name := range adminNotes() {
		notes = notes.With(name, "")
	}
	self := home + "/wp-json/wp/v2/users"
	return wp.Object{
		{"id", u.ID}, {"name", u.Display}, {"url", ""}, {"description", ""}, {"link", home + "/author/" + slug + "/"}, {"slug", slug},
		{"avatar_urls", avatars}, {"meta", []any{}}, {"is_super_admin", u.Role == site.RoleAdmin}, {"woocommerce_meta", notes},
		{"_links", wp.Object{
			{"self", []wp.Object{{{"href", self + "/" + wp.Itoa(u.ID)}, {"targetHints", wp.Object{{"allow", []string{"GET", "POST", "PUT", "PATCH"}}}}}}},
			{"collection", []wp.Object{{{"href", self}}}},
		}},
	}
}

// gravatar is the address of the picture for an e-mail address.
func gravatar(email string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(email))))
	return "https://secure.gravatar.com/avatar/" + hex.EncodeToString(sum[:])
}

func adminNotes() []string {
	return strings.Fields(`variable_product_tour_shown activity_panel_inbox_last_read activity_panel_reviews_last_read
		categories_report_columns coupons_report_columns customers_report_columns orders_report_columns products_report_columns
		revenue_report_columns taxes_report_columns variations_report_columns dashboard_sections dashboard_chart_type
		dashboard_chart_interval dashboard_leaderboard_rows order_attribution_install_banner_dismissed homepage_layout homepage_stats
		task_list_tracked_started_tasks android_app_banner_dismissed launch_your_store_tour_hidden coming_soon_banner_dismissed`)
}
