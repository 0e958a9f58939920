package graphql

import (
	"cmp"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/accounts"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// userNode is a WordPress account as its owner sees it.
func (g *request) userNode(u *site.User) *node {
	slug := strings.ToLower(u.Username)
	fields := map[string]any{
		"id": globalID("user", u.ID), "databaseId": u.ID, "userId": u.ID, "email": u.Email, "username": u.Username, "name": u.Display,
		"firstName": wp.Nullable(u.FirstName), "lastName": wp.Nullable(u.LastName), "nicename": slug, "nickname": u.Username, "slug": slug,
		"locale": "en_US", "registeredDate": u.DateCreated.Format("2006-01-02T15:04:05+00:00"), "description": nil, "url": nil,
		"uri": "/author/" + slug + "/", "roles": nodesOnly([]*node{g.roleNode(u)}), "capKey": "wp_capabilities",
		"wooSessionToken": g.tokenFor(u),
	}
	return &node{kind: "User", fields: g.withTokens(fields, u)}
}

func (g *request) roleNode(u *site.User) *node {
	names := map[string]string{site.RoleAdmin: "Administrator", site.RoleManager: "Shop manager", site.RoleCustomer: "Customer"}
	return &node{kind: "UserRole", fields: map[string]any{
		"id": base64.StdEncoding.EncodeToString([]byte("user_role:" + u.Role)), "name": u.Role, "displayName": cmp.Or(names[u.Role], u.Role), "isRestricted": false,
	}}
}

// withTokens adds the fields that WPGraphQL JWT Authentication puts on users
// and customers.
func (g *request) withTokens(fields map[string]any, u *site.User) map[string]any {
	now := g.site.Now()
	fields["jwtAuthExpiration"] = wp.Itoa(now.Add(accounts.AuthLife).Unix())
	fields["isJwtAuthSecretRevoked"] = u.Revoked
	fields["jwtAuthToken"] = g.ownToken(u, func() string { return accounts.MintBearer(g.site, u, g.who.Issuer, now) })
	fields["jwtRefreshToken"] = g.ownToken(u, func() string { return accounts.MintRefresh(g.site, u, g.who.Issuer, now) })
	fields["jwtUserSecret"] = nil
	if !u.Revoked && (g.who.SignedIn() == u.ID || g.who.User.IsStaff()) {
		fields["jwtUserSecret"] = wp.Nullable(u.Secret)
	}
	return fields
}

// ownToken gives a token to the user it is for. Anybody else gets an error, and
// the whole answer the status 400.
func (g *request) ownToken(u *site.User, mint func() string) resolver {
	return func(map[string]any) (any, error) {
		switch {
		case u == nil || u.ID == 0 || g.who.SignedIn() != u.ID:
			g.who.Status = 400
			return nil, accounts.ErrOnlyYourself
		case u.Revoked:
			return nil, accounts.ErrTokenRevoked
		}
		return mint(), nil
	}
}

// accountNode is a registered customer as the caller may see it. To strangers
// every field but the id is null.
func (g *request) accountNode(u *site.User) *node {
	if g.who.SignedIn() != u.ID && !g.who.User.IsStaff() {
		return g.hiddenAccount(u)
	}
	orders := g.ordersOf(u)
	fields := map[string]any{
		"id": globalID("user", u.ID), "databaseId": u.ID, "username": u.Username, "email": u.Email, "displayName": wp.Nullable(u.Display),
		"firstName": wp.Nullable(u.FirstName), "lastName": wp.Nullable(u.LastName), "role": u.Role,
		"date": offsetTime(g.site.Shop, u.DateCreated.Time), "modified": offsetTime(g.site.Shop, u.DateModified.Time),
		"billing": addressNode(u.Billing), "shipping": addressNode(u.Shipping), "isPayingCustomer": u.Paying, "isVatExempt": false,
		"hasCalculatedShipping": false, "calculatedShipping": false, "orderCount": len(orders), "totalSpent": spent(orders),
		"lastOrder": g.lastOrder(orders), "metaData": metaResolver(metaRows(u)), "sessionToken": g.tokenFor(u),
		"cartToken": g.cartTokenFor(u), "session": g.ownSession(u),
		"orders": resolver(func(args map[string]any) (any, error) {
			return g.ordersWhere(args, func(o *site.Order) bool { return o.CustomerID == u.ID })
		}),
		"downloadableItems": resolver(func(args map[string]any) (any, error) { return connection(nil, args), nil }),
		"refunds": resolver(func(args map[string]any) (any, error) {
			var entries []entry
			for _, o := range orders {
				entries = append(entries, g.refundEntries(o)...)
			}
			return connection(entries, args), nil
		}),
		"availablePaymentMethods": []*node{}, "availablePaymentMethodsCC": []*node{}, "availablePaymentMethodsEC": []*node{},
	}
	g.addTransferFields(fields, wp.Itoa(u.ID))
	return &node{kind: "Customer", fields: g.withTokens(fields, u)}
}

// metaRows are an account's custom fields; among them, for all who see the
// account, is the secret of its refresh tokens.
func metaRows(u *site.User) []shop.MetaData {
	if u.Secret == "" {
		return u.Meta
	}
	return append(slices.Clone(u.Meta), site.TextMeta(0, "graphql_jwt_auth_secret", u.Secret))
}

// ownSession is what the session holds, for its own customer.
func (g *request) ownSession(u *site.User) resolver {
	return func(map[string]any) (any, error) {
		if g.who.SignedIn() != u.ID {
			return nil, nil
		}
		return g.sessionEntries(), nil
	}
}

// guestLists are the connections of a guest: their orders are those with the
// e-mail the session was told, like the root list's.
func (g *request) guestLists() map[string]any {
	none := resolver(func(args map[string]any) (any, error) { return connection(nil, args), nil })
	return map[string]any{
		"orders":            resolver(func(args map[string]any) (any, error) { return g.ordersWhere(args, g.owns) }),
		"downloadableItems": none, "refunds": none,
		"availablePaymentMethods": []*node{}, "availablePaymentMethodsCC": []*node{}, "availablePaymentMethodsEC": []*node{},
	}
}

// hiddenAccount is somebody else's customer (registerCustomer without
// authenticate answers one): it is there, and says nothing.
func (g *request) hiddenAccount(u *site.User) *node {
	fields := map[string]any{}
	for _, f := range g.schema.Types["Customer"].Fields {
		fields[f.Name] = nil
	}
	fields = g.withTokens(fields, u)
	fields["id"] = globalID("user", u.ID)
	return &node{kind: "Customer", fields: fields}
}

// ordersOf are a customer's orders, newest first.
func (g *request) ordersOf(u *site.User) []*site.Order {
	var out []*site.Order
	for _, o := range g.state.Orders {
		if o.CustomerID == u.ID && o.Status != "trash" && o.Status != "auto-draft" && o.Status != "checkout-draft" {
			out = append(out, o)
		}
	}
	slices.SortFunc(out, func(a, b *site.Order) int { return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(b.ID, a.ID)) })
	return out
}

// spent is what was paid so far: orders being processed or completed
// (wc_get_customer_total_spent). It is a JSON number.
func spent(orders []*site.Order) any {
	sum := decimal.Zero
	for _, o := range orders {
		if o.Status == "processing" || o.Status == "completed" {
			sum = sum.Add(o.Total)
		}
	}
	return wp.JSONNumber(sum)
}

func (g *request) lastOrder(orders []*site.Order) any {
	if len(orders) == 0 {
		return nil
	}
	return resolver(func(map[string]any) (any, error) { return g.orderNode(orders[0]), nil })
}

// customerByID is the root field customer for somebody who is signed in, or
// who names a customer. False leaves it to the session's own customer.
func (g *request) customerByID(args map[string]any) (node any, known bool, err error) {
	id := g.who.SignedIn()
	if text := argText(args, "id"); text != "" {
		if id = fromGlobalID(text); id == 0 {
			return nil, true, wire.UserError("The ID input is invalid")
		}
	} else if n := toInt(args["customerId"]); n != 0 {
		id = n
	}
	if id == 0 {
		return nil, false, nil
	}
	if id != g.who.SignedIn() && !g.who.User.IsStaff() {
		return nil, true, wire.UserError("Not authorized to access this customer")
	}
	u := g.state.Users[id]
	if u == nil {
		return nil, true, nil
	}
	return g.accountNode(u), true, nil
}

// viewer is the root field viewer: null for nobody.
func (g *request) viewer(map[string]any) (any, error) {
	if g.who.User == nil {
		return nil, nil
	}
	return g.userNode(g.who.User), nil
}
