// Package session is a shopper's cart inside WooCommerce.
package session
