<?php // phpcs:ignore WordPress.Files.FileName.InvalidClassFileName -- a plugin of one file has the plugin's name.
/**
 * Plugin Name:       Ankkor Companion
 * Plugin URI:        https://github.com/ankkor/ankkor
 * Description:       Lets a headless shop create each WooCommerce order once, find it by its key, pay it without a login page, and see when stock changed.
 * Version:           1.0.0
 * Requires at least: 6.4
 * Requires PHP:      7.4
 * Requires Plugins:  woocommerce
 * WC requires at least: 9.8
 * License:           MIT
 * Text Domain:       ankkor-companion
 *
 * One file: copy it to wp-content/plugins and activate it, or to
 * wp-content/mu-plugins. Everything Ankkor does works without it.
 *
 * 1. One order per key. A POST to /wc/v3/orders whose meta_data has an
 *    `_ankkor_token` makes an order once: sent again, at the same time or a week
 *    later, it answers the order that exists (status 200 and the header
 *    X-Ankkor-Replay) instead of making a second one. The same key with another
 *    body is refused with 422, unless the first order lies in the trash: then
 *    the key is free again.
 * 2. Lookup. GET /wc-ankkor/v1/orders?key=… lists the order made with a key, in
 *    the trash too; GET /wc-ankkor/v1/status says what this plugin does here.
 * 3. No login page in the way. Who holds the key of an order made this way
 *    (WooCommerce's own, in the address) may pay it and see its confirmation,
 *    although the customer has an account and is not logged in; and a cart that
 *    was handed over by its Cart-Token may be checked out as a guest.
 * 4. Stock revisions. Products and variations in REST carry `ankkor_stock`:
 *    a revision that grows with every change of stock, and a quantity that was
 *    read after it, so that it contains at least every change up to it.
 *
 * @package Ankkor_Companion
 */

defined( 'ABSPATH' ) || exit;

if ( ! class_exists( 'Ankkor_Companion' ) ) {

	/**
	 * The whole plugin.
	 */
	final class Ankkor_Companion {

		const VERSION     = '1.0.0';
		const DB_VERSION  = '1';
		const DB_OPTION   = 'ankkor_companion_db';
		const TOKEN_META  = '_ankkor_token';
		const NAMESPACE   = 'wc-ankkor/v1';
		const GUEST_FLAG  = 'ankkor_guest';
		const LOCK_WAIT   = 20;
		const ORDER_ROUTE = '/wc/v3/orders';

		/**
		 * Hooks everything in. Called once, when the file is loaded.
		 */
		public static function boot() {
			$plugin = new self();
			add_action( 'before_woocommerce_init', array( $plugin, 'declare_compatibility' ) );
			add_action( 'rest_api_init', array( $plugin, 'register_routes' ) );
			add_filter( 'rest_dispatch_request', array( $plugin, 'dispatch' ), 10, 4 );
			add_filter( 'rest_post_dispatch', array( $plugin, 'sign_response' ), 10, 3 );

			add_filter( 'user_has_cap', array( $plugin, 'let_key_holder_pay' ), 20, 3 );
			add_filter( 'woocommerce_order_email_verification_required', array( $plugin, 'skip_verification' ), 10, 2 );
			add_filter( 'woocommerce_order_received_verify_known_shoppers', array( $plugin, 'skip_known_shopper' ) );
			add_action( 'wp_loaded', array( $plugin, 'note_handed_over_cart' ), 20 );
			add_filter( 'woocommerce_checkout_registration_required', array( $plugin, 'let_guest_check_out' ), 20 );
			add_filter( 'pre_option_woocommerce_enable_guest_checkout', array( $plugin, 'guest_checkout_option' ) );

			foreach ( array( 'woocommerce_product_set_stock', 'woocommerce_variation_set_stock', 'woocommerce_updated_product_stock' ) as $hook ) {
				add_action( $hook, array( $plugin, 'stock_changed' ) );
			}
			add_filter( 'woocommerce_rest_prepare_product_object', array( $plugin, 'add_stock_revision' ), 10, 2 );
			add_filter( 'woocommerce_rest_prepare_product_variation_object', array( $plugin, 'add_stock_revision' ), 10, 2 );
		}

		/**
		 * Says that the plugin works with High-Performance Order Storage.
		 */
		public function declare_compatibility() {
			if ( class_exists( 'Automattic\WooCommerce\Utilities\FeaturesUtil' ) ) {
				\Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility( 'custom_order_tables', __FILE__, true );
			}
		}

		/**
		 * The table of keys: one row per key, for ever. The primary key is what makes
		 * an order unique even where MySQL's named locks do not work.
		 *
		 * @return string
		 */
		private function keys_table() {
			global $wpdb;
			return $wpdb->prefix . 'ankkor_order_keys';
		}

		/**
		 * The table of stock revisions.
		 *
		 * @return string
		 */
		private function revisions_table() {
			global $wpdb;
			return $wpdb->prefix . 'ankkor_stock_revisions';
		}

		/**
		 * Makes the tables, once per version. There is no activation hook to rely on
		 * in mu-plugins.
		 */
		private function install() {
			global $wpdb;
			if ( self::DB_VERSION === get_option( self::DB_OPTION ) ) {
				return;
			}
			$collate = $wpdb->get_charset_collate();
			// phpcs:disable WordPress.DB.DirectDatabaseQuery, WordPress.DB.PreparedSQL -- table names of our own.
			$wpdb->query( "CREATE TABLE IF NOT EXISTS {$this->keys_table()} (order_key varbinary(128) NOT NULL, order_id bigint(20) unsigned NOT NULL, request_hash char(64) NOT NULL, created_gmt datetime NOT NULL, PRIMARY KEY  (order_key), KEY order_id (order_id)) $collate" );
			$wpdb->query( "CREATE TABLE IF NOT EXISTS {$this->revisions_table()} (product_id bigint(20) unsigned NOT NULL, revision bigint(20) unsigned NOT NULL, PRIMARY KEY  (product_id)) $collate" );
			// phpcs:enable
			update_option( self::DB_OPTION, self::DB_VERSION, true );
		}

		/**
		 * Registers the plugin's own routes. The prefix wc- lets WooCommerce's API
		 * keys sign requests to them.
		 */
		public function register_routes() {
			$this->install();
			register_rest_route(
				self::NAMESPACE,
				'/status',
				array(
					'methods'             => 'GET',
					'callback'            => array( $this, 'get_status' ),
					'permission_callback' => array( $this, 'can_read_orders' ),
				)
			);
			register_rest_route(
				self::NAMESPACE,
				'/orders',
				array(
					'methods'             => 'GET',
					'callback'            => array( $this, 'get_orders' ),
					'permission_callback' => array( $this, 'can_read_orders' ),
					'args'                => array(
						'key' => array(
							'required'          => true,
							'type'              => 'string',
							'validate_callback' => array( $this, 'is_key' ),
						),
					),
				)
			);
		}

		/**
		 * Whether the caller may read orders.
		 *
		 * @return true|WP_Error
		 */
		public function can_read_orders() {
			if ( wc_rest_check_post_permissions( 'shop_order', 'read' ) ) {
				return true;
			}
			return new WP_Error( 'woocommerce_rest_cannot_view', __( 'Sorry, you cannot list resources.', 'ankkor-companion' ), array( 'status' => rest_authorization_required_code() ) );
		}

		/**
		 * Whether a value can be an order's key: 1 to 128 letters, digits and -_.:
		 *
		 * @param mixed $value What was sent.
		 * @return bool
		 */
		public function is_key( $value ) {
			return is_string( $value ) && 1 === preg_match( '/\A[A-Za-z0-9_.:-]{1,128}\z/', $value );
		}

		/**
		 * GET /status.
		 *
		 * @return array
		 */
		public function get_status() {
			return rest_ensure_response(
				array(
					'version'  => self::VERSION,
					'features' => array( 'order_key', 'order_lookup', 'guest_payment', 'stock_revision' ),
				)
			);
		}

		/**
		 * GET /orders?key=…: the order made with a key, as [{id, status}], or [].
		 *
		 * @param WP_REST_Request $request The request.
		 * @return WP_REST_Response
		 */
		public function get_orders( $request ) {
			$found = array();
			$row   = $this->row( (string) $request['key'] );
			$order = $row ? wc_get_order( (int) $row->order_id ) : false;
			if ( $order ) {
				$found[] = array(
					'id'     => $order->get_id(),
					'status' => $order->get_status(),
				);
			}
			return rest_ensure_response( $found );
		}

		/**
		 * Stands in for the creation of an order that carries a key. WordPress calls
		 * this after the permissions were checked.
		 *
		 * @param mixed           $result  What another plugin answered, null for nothing.
		 * @param WP_REST_Request $request The request.
		 * @param string          $route   The route it matched.
		 * @param array           $handler The route's handler.
		 * @return mixed
		 */
		public function dispatch( $result, $request, $route, $handler ) {
			if ( null !== $result || 'POST' !== $request->get_method() || self::ORDER_ROUTE !== $route ) {
				return $result;
			}
			$key = $this->requested_key( $request );
			if ( null === $key ) {
				return $result;
			}
			if ( ! $this->is_key( $key ) ) {
				return new WP_Error( 'ankkor_invalid_key', __( 'The order key must be 1 to 128 letters, digits, or - _ . :', 'ankkor-companion' ), array( 'status' => 400 ) );
			}
			$this->install();
			if ( ! $this->lock( $key ) ) {
				return new WP_Error( 'ankkor_key_in_use', __( 'Another request is creating the order with this key.', 'ankkor-companion' ), array( 'status' => 409 ) );
			}
			try {
				return $this->create_once( $key, $request, $handler );
			} finally {
				$this->unlock( $key );
			}
		}

		/**
		 * The key in a request's meta_data, null where there is none.
		 *
		 * @param WP_REST_Request $request The request.
		 * @return mixed
		 */
		private function requested_key( $request ) {
			$meta = $request['meta_data'];
			foreach ( is_array( $meta ) ? $meta : array() as $entry ) {
				if ( is_array( $entry ) && isset( $entry['key'] ) && self::TOKEN_META === $entry['key'] ) {
					return isset( $entry['value'] ) ? $entry['value'] : '';
				}
			}
			return null;
		}

		/**
		 * Creates the order, or answers the one that exists. The lock is held.
		 *
		 * @param string          $key     The key.
		 * @param WP_REST_Request $request The request.
		 * @param array           $handler WooCommerce's handler.
		 * @return WP_REST_Response|WP_Error
		 */
		private function create_once( $key, $request, $handler ) {
			$hash  = hash( 'sha256', (string) wp_json_encode( $this->canonical( $this->body( $request ) ) ) );
			$row   = $this->row( $key );
			$order = $row ? wc_get_order( (int) $row->order_id ) : $this->unrecorded_order( $key, false );
			if ( $row && ! $order ) {
				return new WP_Error( 'ankkor_order_deleted', __( 'The order with this key was deleted.', 'ankkor-companion' ), array( 'status' => 410 ) );
			}
			if ( $order && 'trash' !== $order->get_status() ) {
				if ( $row && ! hash_equals( $row->request_hash, $hash ) ) {
					return new WP_Error( 'ankkor_key_reused', __( 'The order with this key was created from another request.', 'ankkor-companion' ), array( 'status' => 422 ) );
				}
				$this->record( $key, $order->get_id(), $hash );
				return $this->replay( $order->get_id(), $request );
			}
			$response = call_user_func( $handler['callback'], $request );
			$id       = $this->created_id( $response );
			if ( $id ) {
				$this->record( $key, $id, $hash );
			} else {
				$this->discard( $key );
			}
			return $response;
		}

		/**
		 * The id in WooCommerce's answer to a creation, 0 when it made nothing.
		 *
		 * @param mixed $response WP_REST_Response or WP_Error.
		 * @return int
		 */
		private function created_id( $response ) {
			if ( is_wp_error( $response ) ) {
				return 0;
			}
			$data = rest_ensure_response( $response )->get_data();
			return is_array( $data ) && isset( $data['id'] ) ? (int) $data['id'] : 0;
		}

		/**
		 * Puts what a refused creation left behind into the trash: WooCommerce saves
		 * the order before it looks at the coupons, and leaves it as a draft, before
		 * version 10 even as a pending order without the coupon.
		 *
		 * @param string $key The key.
		 */
		private function discard( $key ) {
			$left = $this->unrecorded_order( $key, true );
			if ( $left ) {
				$left->delete( false );
			}
		}

		/**
		 * An order that carries the key although no row says so: PHP ended between
		 * saving the order and noting it, or the creation was refused.
		 *
		 * @param string $key    The key.
		 * @param bool   $drafts Whether a draft counts.
		 * @return WC_Order|false
		 */
		private function unrecorded_order( $key, $drafts ) {
			$orders = wc_get_orders(
				array(
					'limit'      => 1,
					'orderby'    => 'ID',
					'order'      => 'ASC',
					'type'       => 'shop_order',
					'status'     => $drafts ? array( 'wc-pending', 'wc-checkout-draft' ) : array_diff( array_keys( wc_get_order_statuses() ), array( 'wc-checkout-draft' ) ),
					// phpcs:ignore WordPress.DB.SlowDBQuery -- only for a key that was never seen to make an order.
					'meta_query' => array(
						array(
							'key'   => self::TOKEN_META,
							'value' => $key,
						),
					),
				)
			);
			return $orders ? $orders[0] : false;
		}

		/**
		 * Answers an order as a creation would have.
		 *
		 * @param int             $id      The order.
		 * @param WP_REST_Request $request The request to create it.
		 * @return WP_REST_Response|WP_Error
		 */
		private function replay( $id, $request ) {
			$read = new WP_REST_Request( 'GET', self::ORDER_ROUTE . '/' . $id );
			if ( null !== $request['dp'] ) {
				$read->set_query_params( array( 'dp' => $request['dp'] ) );
			}
			$response = rest_do_request( $read );
			$response->header( 'X-Ankkor-Replay', '1' );
			return $response;
		}

		/**
		 * What a request's hash covers: its body, not the signature in its address.
		 *
		 * @param WP_REST_Request $request The request.
		 * @return array
		 */
		private function body( $request ) {
			$json = $request->get_json_params();
			return is_array( $json ) ? $json : $request->get_body_params();
		}

		/**
		 * Sorts the members of an object, so that the same request has the same hash.
		 *
		 * @param mixed $value Any JSON value.
		 * @return mixed
		 */
		private function canonical( $value ) {
			if ( ! is_array( $value ) ) {
				return $value;
			}
			ksort( $value );
			return array_map( array( $this, 'canonical' ), $value );
		}

		/**
		 * Reads a key's row past every cache.
		 *
		 * @param string $key The key.
		 * @return object|null
		 */
		private function row( $key ) {
			global $wpdb;
			// phpcs:ignore WordPress.DB.DirectDatabaseQuery, WordPress.DB.PreparedSQL.InterpolatedNotPrepared -- a table of our own.
			return $wpdb->get_row( $wpdb->prepare( "SELECT order_id, request_hash FROM {$this->keys_table()} WHERE order_key = %s", $key ) );
		}

		/**
		 * Notes which order a key made.
		 *
		 * @param string $key  The key.
		 * @param int    $id   The order.
		 * @param string $hash The request's.
		 */
		private function record( $key, $id, $hash ) {
			global $wpdb;
			// phpcs:ignore WordPress.DB.DirectDatabaseQuery, WordPress.DB.PreparedSQL.InterpolatedNotPrepared -- a table of our own.
			$wpdb->query( $wpdb->prepare( "INSERT INTO {$this->keys_table()} (order_key, order_id, request_hash, created_gmt) VALUES (%s, %d, %s, %s) ON DUPLICATE KEY UPDATE order_id = VALUES(order_id), request_hash = VALUES(request_hash)", $key, $id, $hash, gmdate( 'Y-m-d H:i:s' ) ) );
		}

		/**
		 * Takes MySQL's named lock for a key. It ends with the connection, so a PHP
		 * process that dies leaves nothing locked.
		 *
		 * @param string $key The key.
		 * @return bool
		 */
		private function lock( $key ) {
			global $wpdb;
			// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- a lock cannot be cached.
			return '1' === (string) $wpdb->get_var( $wpdb->prepare( 'SELECT GET_LOCK(%s, %d)', $this->lock_name( $key ), self::LOCK_WAIT ) );
		}

		/**
		 * Lets go of a key's lock.
		 *
		 * @param string $key The key.
		 */
		private function unlock( $key ) {
			global $wpdb;
			// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- a lock cannot be cached.
			$wpdb->get_var( $wpdb->prepare( 'SELECT RELEASE_LOCK(%s)', $this->lock_name( $key ) ) );
		}

		/**
		 * A lock's name: MySQL allows 64 characters, for the whole server.
		 *
		 * @param string $key The key.
		 * @return string
		 */
		private function lock_name( $key ) {
			return 'ankkor_' . md5( DB_NAME . '|' . $this->keys_table() . '|' . $key );
		}

		/**
		 * Marks WooCommerce's REST answers, so that a client knows what it talks to.
		 *
		 * @param WP_REST_Response $response The answer.
		 * @param WP_REST_Server   $server   Not used.
		 * @param WP_REST_Request  $request  The request.
		 * @return WP_REST_Response
		 */
		public function sign_response( $response, $server, $request ) {
			if ( 0 === strpos( $request->get_route(), '/wc/v3/' ) ) {
				$response->header( 'X-Ankkor-Companion', self::VERSION );
			}
			return $response;
		}

		/**
		 * Whether the visitor's address has the key of an order that was made with a
		 * key of ours.
		 *
		 * @param WC_Order|false $order The order.
		 * @return bool
		 */
		private function holds_key_of( $order ) {
			// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- the order key is the proof.
			$given = isset( $_GET['key'] ) && is_string( $_GET['key'] ) ? sanitize_text_field( wp_unslash( $_GET['key'] ) ) : '';
			return $order && '' !== $given && '' !== $order->get_order_key()
				&& hash_equals( $order->get_order_key(), $given )
				&& '' !== (string) $order->get_meta( self::TOKEN_META );
		}

		/**
		 * Lets a visitor who is not logged in and holds an order's key pay it.
		 *
		 * @param array $allcaps What the user may do.
		 * @param array $caps    What is asked for.
		 * @param array $args    Capability, user id, order id.
		 * @return array
		 */
		public function let_key_holder_pay( $allcaps, $caps, $args ) {
			if ( isset( $args[0], $args[2] ) && 'pay_for_order' === $args[0] && empty( $args[1] ) && $this->holds_key_of( wc_get_order( (int) $args[2] ) ) ) {
				$allcaps['pay_for_order'] = true;
			}
			return $allcaps;
		}

		/**
		 * Asks who holds an order's key for no e-mail address.
		 *
		 * @param bool     $required What WooCommerce decided.
		 * @param WC_Order $order    The order.
		 * @return bool
		 */
		public function skip_verification( $required, $order ) {
			return $required && ! $this->holds_key_of( $order );
		}

		/**
		 * Shows the confirmation of an order to who holds its key.
		 *
		 * @param bool $verify Whether WooCommerce would ask for a login.
		 * @return bool
		 */
		public function skip_known_shopper( $verify ) {
			$id = absint( get_query_var( 'order-received' ) );
			return $verify && ! ( $id && $this->holds_key_of( wc_get_order( $id ) ) );
		}

		/**
		 * Remembers in the session that its cart was handed over by a Cart-Token
		 * (WooCommerce's own ?session=… address).
		 */
		public function note_handed_over_cart() {
			// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- only noted when WooCommerce accepted it.
			if ( empty( $_GET['session'] ) || ! function_exists( 'WC' ) || ! WC()->session || ! WC()->cart || is_user_logged_in() ) {
				return;
			}
			if ( ! WC()->cart->is_empty() ) {
				WC()->session->set( self::GUEST_FLAG, 1 );
			}
		}

		/**
		 * Whether this visitor's cart was handed over.
		 *
		 * @return bool
		 */
		private function handed_over() {
			return function_exists( 'WC' ) && ! empty( WC()->session ) && 1 === (int) WC()->session->get( self::GUEST_FLAG );
		}

		/**
		 * Lets a handed-over cart be checked out without an account.
		 *
		 * @param bool $required What WooCommerce decided.
		 * @return bool
		 */
		public function let_guest_check_out( $required ) {
			return $required && ! $this->handed_over();
		}

		/**
		 * The checkout block reads the option itself.
		 *
		 * @param mixed $value False, or what another plugin says.
		 * @return mixed
		 */
		public function guest_checkout_option( $value ) {
			return $this->handed_over() ? 'yes' : $value;
		}

		/**
		 * Raises the revision of what changed, a variation's product with it.
		 *
		 * @param WC_Product|int $product The product, or its id.
		 */
		public function stock_changed( $product ) {
			$product = is_object( $product ) ? $product : wc_get_product( (int) $product );
			if ( ! $product ) {
				return;
			}
			$this->install();
			foreach ( array_unique( array_filter( array( $product->get_id(), $product->get_parent_id() ) ) ) as $id ) {
				$this->raise( (int) $id );
			}
		}

		/**
		 * Adds one to a revision, atomically.
		 *
		 * @param int $id The product.
		 */
		private function raise( $id ) {
			global $wpdb;
			// phpcs:ignore WordPress.DB.DirectDatabaseQuery, WordPress.DB.PreparedSQL.InterpolatedNotPrepared -- a table of our own.
			$wpdb->query( $wpdb->prepare( "INSERT INTO {$this->revisions_table()} (product_id, revision) VALUES (%d, 1) ON DUPLICATE KEY UPDATE revision = revision + 1", $id ) );
		}

		/**
		 * Puts ankkor_stock into a product's REST form: first the revision is read,
		 * then the quantity, past every cache, of what the stock is counted at.
		 *
		 * @param WP_REST_Response $response The answer.
		 * @param WC_Product       $product  The product or variation.
		 * @return WP_REST_Response
		 */
		public function add_stock_revision( $response, $product ) {
			global $wpdb;
			$this->install();
			$counted = (int) $product->get_stock_managed_by_id();
			// phpcs:disable WordPress.DB.DirectDatabaseQuery, WordPress.DB.PreparedSQL.InterpolatedNotPrepared -- a cached value would be worth nothing here.
			$revision = (int) $wpdb->get_var( $wpdb->prepare( "SELECT revision FROM {$this->revisions_table()} WHERE product_id = %d", $counted ) );
			$quantity = $product->managing_stock() ? $wpdb->get_var( $wpdb->prepare( "SELECT meta_value FROM {$wpdb->postmeta} WHERE post_id = %d AND meta_key = '_stock' ORDER BY meta_id LIMIT 1", $counted ) ) : null;
			// phpcs:enable
			$data                 = $response->get_data();
			$data['ankkor_stock'] = array(
				'product_id' => $counted,
				'revision'   => $revision,
				'quantity'   => null === $quantity || '' === $quantity ? null : (int) $quantity,
			);
			$response->set_data( $data );
			return $response;
		}
	}

	Ankkor_Companion::boot();
}
