package doctor

// Code names a question. Codes are stable: programs may branch on them. New ones
// may be added.
type Code string

// The codes, in the order of a report.
const (
	StoreReachable  Code = "store.reachable"      // something answers at the address
	StoreTLS        Code = "store.tls"            // over https, with a certificate that lasts
	StoreREST       Code = "store.rest"           // it is WooCommerce's REST API
	StoreAddress    Code = "store.address"        // WordPress knows itself by the address
	StorePHPOutput  Code = "store.php-output"     // nothing is printed around JSON
	StoreClock      Code = "store.clock"          // the store's clock is ours
	StoreTimers     Code = "store.timers"         // WP-Cron and Action Scheduler run
	StoreExecution  Code = "store.execution-time" // a PHP process ends before an outcome is settled
	KeyRead         Code = "key.read"
	KeyWrite        Code = "key.write"
	VersionWP       Code = "version.wordpress"
	VersionWoo      Code = "version.woocommerce"
	VersionPHP      Code = "version.php"
	VersionGraphQL  Code = "version.wpgraphql"
	VersionWooQL    Code = "version.woographql"
	Companion       Code = "companion"
	OrdersHPOS      Code = "orders.hpos"
	RulesReadable   Code = "rules.readable" // the quote engine can follow the store's rules
	SetCurrency     Code = "settings.currency"
	SetDecimals     Code = "settings.decimals"
	SetTaxes        Code = "settings.taxes"
	SetTaxBasis     Code = "settings.tax-basis"
	SetStock        Code = "settings.stock"
	SetHoldStock    Code = "settings.hold-stock"
	SetGuests       Code = "settings.guest-checkout"
	SetCoupons      Code = "settings.coupons"
	SetCountries    Code = "settings.countries"
	StatesIndia     Code = "states.india"
	TaxClasses      Code = "tax.classes"
	PaymentGateways Code = "payment.gateways"
	ProductTypes    Code = "products.types"
	ProductPrices   Code = "products.prices" // the catalogue can be read, prices included
	GraphQLReach    Code = "graphql.reachable"
	GraphQLOpen     Code = "graphql.introspection"
	GraphQLDebug    Code = "graphql.debug"
	CacheREST       Code = "cache.rest"
	CacheSessions   Code = "cache.sessions"
	HooksAlive      Code = "webhooks.alive"
	HooksAddress    Code = "webhooks.address"
)

// checks are all questions, in the order of a report.
func checks() []check {
	return []check{
		{StoreReachable, (*exam).checkReachable}, {StoreTLS, (*exam).checkTLS}, {StoreREST, (*exam).checkREST},
		{StoreAddress, (*exam).checkAddress}, {StorePHPOutput, (*exam).checkPHPOutput}, {StoreClock, (*exam).checkClock},
		{StoreTimers, (*exam).checkTimers}, {StoreExecution, (*exam).checkExecution},
		{KeyRead, (*exam).checkKeyRead}, {KeyWrite, (*exam).checkKeyWrite},
		{VersionWP, (*exam).checkWordPress}, {VersionWoo, (*exam).checkWooCommerce}, {VersionPHP, (*exam).checkPHP},
		{VersionGraphQL, (*exam).checkWPGraphQL}, {VersionWooQL, (*exam).checkWooGraphQL}, {Companion, (*exam).checkCompanion},
		{OrdersHPOS, (*exam).checkHPOS}, {RulesReadable, (*exam).checkRules}, {SetCurrency, (*exam).checkCurrency},
		{SetDecimals, (*exam).checkDecimals}, {SetTaxes, (*exam).checkTaxes}, {SetTaxBasis, (*exam).checkTaxBasis},
		{SetStock, (*exam).checkStock}, {SetHoldStock, (*exam).checkHoldStock}, {SetGuests, (*exam).checkGuests},
		{SetCoupons, (*exam).checkCoupons}, {SetCountries, (*exam).checkCountries}, {StatesIndia, (*exam).checkStates},
		{TaxClasses, (*exam).checkTaxClasses}, {PaymentGateways, (*exam).checkGateways}, {ProductTypes, (*exam).checkTypes},
		{ProductPrices, (*exam).checkPrices}, {GraphQLReach, (*exam).checkGraphQL}, {GraphQLOpen, (*exam).checkIntrospection},
		{GraphQLDebug, (*exam).checkDebug}, {CacheREST, (*exam).checkKept}, {CacheSessions, (*exam).checkSessions},
		{HooksAlive, (*exam).checkHooks}, {HooksAddress, (*exam).checkHookAddress},
	}
}

// Codes lists every code, in the order of a report.
func Codes() []Code {
	list := checks()
	codes := make([]Code, len(list))
	for i, c := range list {
		codes[i] = c.code
	}
	return codes
}
