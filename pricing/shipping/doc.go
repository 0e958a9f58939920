// Package shipping finds the shipping rates a store offers for a cart, as WooCommerce finds them.
package shipping
