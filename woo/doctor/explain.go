package doctor

// Explanation is what a code asks, in words for the person who looks after the
// store.
type Explanation struct {
	Asks   string // what is looked at
	Breaks string // what does not work when it is not well
	Mend   string // what to do then
}

// Explain says what a code asks; ok is false for an unknown one.
func Explain(code Code) (Explanation, bool) {
	for _, part := range []map[Code]Explanation{aboutStore(), aboutVersions(), aboutSettings(), aboutGoods(), aboutTraffic()} {
		if known, ok := part[code]; ok {
			return known, true
		}
	}
	return Explanation{}, false
}

func aboutStore() map[Code]Explanation {
	return map[Code]Explanation{
		StoreReachable: {"Something answers at the store's address.", "Nothing works without the store.",
			"Open the address in a browser; look at the host's status page, DNS and firewall."},
		StoreTLS: {"The store is asked over https, with a certificate that will last.",
			"Over plain http everyone on the way can read customers' addresses; with an expired certificate no call succeeds.",
			"Install a certificate (Let's Encrypt renews by itself), set WordPress Address and Site Address to https://, and use that address here."},
		StoreREST: {"WooCommerce's REST API answers at /wp-json/wc/v3.", "Nothing can be read or ordered.",
			"Choose a permalink structure other than Plain (Settings → Permalinks), check that WooCommerce is active, that the address is the site's own, and that no firewall or maintenance page stands in front of /wp-json/."},
		StoreAddress: {"WordPress knows itself by the address it is asked at.",
			"Shoppers' session tokens and OAuth signatures are bound to that address: they are refused, or requests are redirected away.",
			"Use the Site Address of Settings → General here, or correct it there. Behind a proxy that ends TLS, make WordPress see HTTPS ($_SERVER['HTTPS'] = 'on' when X-Forwarded-Proto is https)."},
		StorePHPOutput: {"Nothing is printed before or after the JSON.", "Every such answer is unreadable: calls fail although the store did what they asked.",
			"Set WP_DEBUG_DISPLAY to false and display_errors to off, and mend the plugin that the text names; for a byte order mark, save the file without it."},
		StoreClock: {"The store's clock and this one agree.", "Over plain http keys are refused from 15 minutes on; dated sales begin and end at other times than shown; reading what changed since misses changes.",
			"Let both machines set their clock by NTP."},
		StoreTimers: {"WooCommerce's own timers run (WP-Cron, Action Scheduler).", "Webhooks are sent late or never, sales do not begin or end, and unpaid orders of the store's own checkout keep their stock.",
			"Have the host call wp-cron.php once a minute (or `wp cron event run --due-now`), and look at WooCommerce → Status → Scheduled Actions → Past-due."},
		StoreExecution: {"A PHP process ends before an order with an unknown outcome is tried again.",
			"An order whose answer was lost could be made or completed a second time while the first attempt still runs: the twin is trashed and doubled stock put back, but only afterwards.",
			"Set checkout.Policy.Settle above Policy.Lease plus this time, or lower max_execution_time; on Linux it counts no waiting, so bound that as well (request_terminate_timeout of PHP-FPM)."},
		KeyRead: {"The key may read.", "No prices, stock, rules or orders can be read with it.",
			"Make a key of a shop manager with Read/Write (WooCommerce → Settings → Advanced → REST API) and copy both halves. If it is right: the host may drop the Authorization header (CGI, FastCGI), or WordPress may not see that the request came over https."},
		KeyWrite: {"The key may write orders and products.", "No order can be made, completed or cancelled, and no stock set.",
			"Give the key Read/Write (WooCommerce → Settings → Advanced → REST API), and let it belong to a shop manager or an administrator."},
	}
}

func aboutVersions() map[Code]Explanation {
	return map[Code]Explanation{
		VersionWP:      {"WordPress is a version that was measured.", "What was measured may differ in this version.", "Update WordPress; with a newer one than measured, run the checks of `make live` against a copy of the store first."},
		VersionWoo:     {"WooCommerce is a version that was measured.", "Totals, stock and orders may not behave as measured: a quote may differ from the order by paise.", "Update to WooCommerce 9.8 or later; with a newer one than measured, run `make live` against a copy of the store first."},
		VersionPHP:     {"PHP is a version that was measured.", "WordPress and its plugins may fail.", "Ask the host for PHP 8.2 or 8.3."},
		VersionGraphQL: {"WPGraphQL is a version that was measured.", "The catalogue and the cart over GraphQL may not answer as expected.", "Install or update WPGraphQL; without it read the catalogue with woo.CatalogueStoreAPI."},
		VersionWooQL:   {"WooGraphQL is a version that was measured.", "The catalogue and the cart over GraphQL may not answer as expected.", "Install or update WPGraphQL for WooCommerce (WooGraphQL) to 0.21 or 1.0; without it read the catalogue with woo.CatalogueStoreAPI."},
		Companion:      {"Ankkor's companion plugin is there.", "Everything works without it; with it an order is made once by the store itself, a lost one is found in one call, and guests of a known e-mail pay without a login page.", "Copy ankkor-companion.php (package woo/companion) to wp-content/mu-plugins."},
		OrdersHPOS:     {"Orders are in High-Performance Order Storage.", "WooCommerce's search does not find an order by its token then: one whose answer was lost is found among the newest hundred only, or by reading all orders above a known one.", "Switch it on: WooCommerce → Settings → Advanced → Features → Order data storage."},
	}
}

func aboutSettings() map[Code]Explanation {
	return map[Code]Explanation{
		RulesReadable: {"The quote engine can follow the store's settings, taxes, zones and coupons.", "No quote can be made here: checkout stops, or has to ask WooCommerce for every total.", "Change the rule that is named, or let the store compute totals (session.Quoter)."},
		SetCurrency:   {"The store sells in the currency expected.", "Amounts would be taken for another currency, so no rules are read and nothing is sold.", "Set woo.Config.Currency, or WooCommerce → Settings → General → Currency."},
		SetDecimals:   {"Prices have as many decimals as the currency.", "Amounts are rounded otherwise than the payment can be made.", "Set WooCommerce → Settings → General → Number of decimals to the currency's (2 for rupees)."},
		SetTaxes:      {"Taxes are on, and prices are shown as they are entered.", "The price on the shelf and in the cart differ by the tax, or no tax is charged at all.", "Look at WooCommerce → Settings → Tax."},
		SetTaxBasis:   {"Tax follows where the goods go.", "An order to another state is taxed as one within the state, or the other way round (CGST and SGST against IGST).", "Set WooCommerce → Settings → Tax → Calculate tax based on: Customer shipping address."},
		SetStock:      {"WooCommerce counts stock.", "Orders take nothing from stock and everything can be oversold.", "Tick WooCommerce → Settings → Products → Inventory → Enable stock management."},
		SetHoldStock:  {"The store's own checkout holds stock as long as a payment takes.", "Unpaid orders of the store's own checkout are cancelled while their payment is under way, or hold stock for ever. Orders that Ankkor makes are never cancelled by it.", "Set WooCommerce → Settings → Products → Inventory → Hold stock to the payment window or more, 60 is usual."},
		SetGuests:     {"Guests may check out.", "Guests are refused by the store's own checkout, by WooGraphQL's and the Store API's; orders made over REST are not affected.", "Tick WooCommerce → Settings → Accounts & Privacy → Allow customers to place orders without an account, or ask shoppers to sign in."},
		SetCoupons:    {"Coupons are on.", "Every coupon code is unknown.", "Tick WooCommerce → Settings → General → Enable the use of coupon codes, if the shop has coupons."},
		SetCountries:  {"The shop sells, and ships, to its own country.", "Addresses there are refused.", "Look at WooCommerce → Settings → General → Selling location(s) and Shipping location(s)."},
		StatesIndia:   {"The states of India that PINs lie in are those the store knows.", "A state found by PIN cannot be chosen, or is taxed as none.", "Update WooCommerce, and take out plugins or snippets that change the states (woocommerce_states)."},
	}
}

func aboutGoods() map[Code]Explanation {
	return map[Code]Explanation{
		TaxClasses:      {"Every tax class that products use has a rate in the shop's country.", "Those products are sold without tax.", "Add a rate at WooCommerce → Settings → Tax → Standard rates (or those of the class), or give the products another class."},
		PaymentGateways: {"The ways to pay that orders name are switched on.", "Orders are made all the same; but the back office shows an id instead of a title, sends no instructions, and has no refund button for it.", "Switch it on at WooCommerce → Settings → Payments."},
		ProductTypes:    {"All products are of a type that this client knows.", "Products of another type may have a price, a stock or a way into the cart that nobody here computes.", "Sell them in the store's own pages, or look at what woo.Product says of them before showing them."},
		ProductPrices:   {"The catalogue can be read, and its prices with the client's parser.", "Products are missing from lists and cannot be put into a cart.", "Give woo.Config.Parser the store's own format (woo.Client.PriceFormat tells it); take out plugins that write prices of their own."},
		GraphQLReach:    {"WPGraphQL and WooGraphQL answer.", "Nothing can be read over GraphQL.", "Install WPGraphQL and WooGraphQL, set WOO_GRAPHQL_URL to GraphQL → Settings → Endpoint, or read the catalogue with woo.CatalogueStoreAPI."},
		GraphQLOpen:     {"GraphQL introspection is for staff only.", "Strangers can read the whole schema, every plugin's included. Ankkor does not need it.", "Untick GraphQL → Settings → Enable Public Introspection."},
		GraphQLDebug:    {"GraphQL debugging is off.", "Answers tell strangers file names, queries and traces, and are slower.", "Set GRAPHQL_DEBUG to false, or untick GraphQL → Settings → Enable GraphQL Debug Mode."},
	}
}

func aboutTraffic() map[Code]Explanation {
	return map[Code]Explanation{
		CacheREST:     {"REST answers are not kept by a cache.", "Stock, prices and orders are read as they were: sold out shows as in stock, a lost order is not found.", "Exclude /wp-json/ from page caches, CDN and reverse proxy; never let them ignore the query or the Authorization header."},
		CacheSessions: {"Every new shopper gets a session of their own.", "Shoppers share one cart, and see each other's addresses.", "Exclude /wp-json/wc/store/ and /graphql from every cache, at once."},
		HooksAlive:    {"The shop's webhooks are there, once each, and switched on.", "Changes made in the store are seen late, by the next reconciliation only; duplicates do the work twice.", "Call webhook.Ensure at every start: it makes, mends and removes them. Find out why deliveries failed in WooCommerce → Status → Logs (webhooks-delivery)."},
		HooksAddress:  {"WordPress can deliver to the webhooks' address.", "No delivery arrives, and after seven failures WooCommerce switches the webhook off.", "Receive webhooks at a public https address on port 443."},
	}
}
