// Package companion holds a WordPress plugin that makes a headless shop's life
// with WooCommerce easier. Nothing needs it; with it, what the client in package
// woo works out by looking twice takes one call:
//
//   - an order whose meta data has the field `_ankkor_token` is made once: the
//     same creation, sent again at the same moment or much later, is answered
//     with the order that exists;
//   - GET /wc-ankkor/v1/orders?key=… finds it again, in the trash too;
//   - who holds an order's key pays it and sees its confirmation without being
//     sent to a login page, and a cart handed over by its Cart-Token is checked
//     out as a guest;
//   - products in REST say at which revision their stock is, so that two readings
//     can be told apart by age.
//
// The plugin is the one file ankkor-companion.php: copy it to
// wp-content/plugins and activate it, or to wp-content/mu-plugins. It runs on PHP
// 7.4 to 8.3 with WooCommerce 9.8 or later. It keeps two small tables of its own
// and a lock of MySQL's per key, which ends with the connection, so that a PHP
// process that dies locks nobody out.
//
// [Source] is the file, for a program that installs it.
package companion

import _ "embed"

// Version is the plugin's, as the store's X-Ankkor-Companion header names it.
const Version = "1.0.0"

//go:embed ankkor-companion.php
var source string

// Source returns the plugin's PHP.
func Source() string { return source }
