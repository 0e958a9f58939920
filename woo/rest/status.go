package rest

import (
	"context"
	"encoding/json"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
)

// SystemStatus is what the store says of itself (WooCommerce → Status).
type SystemStatus struct {
	Environment   Environment     `json:"environment"`
	Settings      StatusSettings  `json:"settings"`
	ActivePlugins []Plugin        `json:"active_plugins"`
	Theme         json.RawMessage `json:"theme"`
}

// Environment is where WooCommerce runs.
type Environment struct {
	HomeURL          string `json:"home_url"`
	SiteURL          string `json:"site_url"`
	Version          string `json:"version"` // WooCommerce's
	WordPressVersion string `json:"wp_version"`
	PHPVersion       string `json:"php_version"`
	MySQLVersion     string `json:"mysql_version"`
	ServerInfo       string `json:"server_info"`
	MaxExecutionTime int64  `json:"php_max_execution_time"` // seconds
	DebugMode        bool   `json:"wp_debug_mode"`
	Cron             bool   `json:"wp_cron"`
	ObjectCache      bool   `json:"external_object_cache"`
	Multisite        bool   `json:"wp_multisite"`
	Timezone         string `json:"default_timezone"`
}

// StatusSettings are the settings that the status page repeats.
type StatusSettings struct {
	APIEnabled        bool             `json:"api_enabled"`
	ForceSSL          bool             `json:"force_ssl"`
	Currency          pricing.Currency `json:"currency"`
	CurrencySymbol    string           `json:"currency_symbol"`
	CurrencyPosition  string           `json:"currency_position"`
	ThousandSeparator string           `json:"thousand_separator"`
	DecimalSeparator  string           `json:"decimal_separator"`
	Decimals          int64            `json:"number_of_decimals"`
	HPOSEnabled       bool             `json:"HPOS_enabled"`
	OrderDatastore    string           `json:"order_datastore"`
}

// Plugin is one that runs in the store.
type Plugin struct {
	File    string `json:"plugin"`
	Name    string `json:"name"`
	Version string `json:"version"`
	URL     string `json:"url"`
}

// Status reads the store's report on itself. It is slow: WooCommerce looks into
// every corner for it.
func (c *Client) Status(ctx context.Context) (SystemStatus, error) {
	var status SystemStatus
	_, err := c.send(ctx, woo.Request{Op: "read system status", Path: root + "system_status", Fresh: true}, &status)
	return status, err
}
