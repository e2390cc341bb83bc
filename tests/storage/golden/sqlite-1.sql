BEGIN TRANSACTION;
CREATE TABLE `_forms` (name TEXT PRIMARY KEY, version INTEGER NOT NULL, fields TEXT NOT NULL);
INSERT INTO "_forms" VALUES('teams',1,'[["id", "id", false], ["name", "text", false], ["manager", "text", false], ["region", "text", false], ["parent_id", "id", false]]');
INSERT INTO "_forms" VALUES('territories',1,'[["id", "id", false], ["name", "text", false], ["parent_id", "id", false], ["region", "text", false], ["country", "text", false], ["team_id", "id", false]]');
INSERT INTO "_forms" VALUES('sales_reps',1,'[["id", "id", false], ["name", "text", false], ["team_id", "id", false], ["region", "text", false], ["territory_id", "id", false], ["manager_id", "id", false], ["email", "text", false], ["phone", "text", false], ["hired_on", "date", false], ["left_on", "date", false]]');
INSERT INTO "_forms" VALUES('territory_assignments',1,'[["id", "id", false], ["territory_id", "id", false], ["rep_id", "id", false], ["starts_on", "date", false], ["ends_on", "date", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('campaigns',1,'[["id", "id", false], ["name", "text", false], ["category", "text", false], ["channel", "text", false], ["starts_on", "date", false], ["ends_on", "date", false], ["budget", "money", false], ["cost", "money", false], ["rep_id", "id", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('customers',1,'[["id", "id", false], ["name", "text", false], ["lifecycle", "choice", false], ["segment", "text", false], ["industry", "text", false], ["country", "text", false], ["region", "text", false], ["rep_id", "id", false], ["parent_id", "id", false], ["territory_id", "id", false], ["source", "text", false], ["registration_number", "text", false], ["phone", "text", false], ["email", "text", false], ["website", "text", false], ["address", "text", false], ["city", "text", false], ["postal_code", "text", false], ["employees", "decimal", false], ["annual_revenue", "money", false], ["credit_limit", "money", false], ["payment_terms_days", "decimal", false], ["needs", "text", false], ["buying_power", "text", false], ["decision_process", "text", false], ["created_on", "date", false], ["recorded_at", "instant", false], ["stars", "decimal", true], ["fee", "money", true], ["colour", "choice", true]]');
INSERT INTO "_forms" VALUES('contacts',1,'[["id", "id", false], ["name", "text", false], ["customer_id", "id", false], ["title", "text", false], ["department", "text", false], ["decision_role", "text", false], ["phone", "text", false], ["email", "text", false], ["wechat", "text", false], ["preferred_channel", "text", false], ["may_contact", "boolean", false], ["birthday", "date", false], ["created_on", "date", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('products',1,'[["id", "id", false], ["name", "text", false], ["sku", "text", false], ["family", "text", false], ["subfamily", "text", false], ["unit", "text", false], ["list_price", "money", false], ["is_active", "boolean", false]]');
INSERT INTO "_forms" VALUES('price_books',1,'[["id", "id", false], ["name", "text", false], ["segment", "text", false], ["region", "text", false], ["channel", "text", false], ["valid_from", "date", false], ["valid_until", "date", false]]');
INSERT INTO "_forms" VALUES('price_book_entries',1,'[["id", "id", false], ["product_id", "id", false], ["price", "money", false], ["price_book_id", "id", false], ["minimum_quantity", "decimal", false], ["valid_from", "date", false], ["valid_until", "date", false]]');
INSERT INTO "_forms" VALUES('product_costs',1,'[["id", "id", false], ["product_id", "id", false], ["cost", "money", false], ["component", "text", false], ["valid_from", "date", false], ["valid_until", "date", false]]');
INSERT INTO "_forms" VALUES('stock_items',1,'[["id", "id", false], ["product_id", "id", false], ["on_hand", "decimal", false], ["place", "text", false], ["reserved", "decimal", false], ["on_order", "decimal", false], ["reorder_point", "decimal", false], ["counted_on", "date", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('leads',1,'[["id", "id", false], ["name", "text", false], ["kind", "choice", false], ["status", "text", false], ["company", "text", false], ["source", "text", false], ["campaign_id", "id", false], ["channel", "text", false], ["rep_id", "id", false], ["region", "text", false], ["industry", "text", false], ["country", "text", false], ["product_id", "id", false], ["amount", "money", false], ["phone", "text", false], ["email", "text", false], ["wechat", "text", false], ["business_domain", "text", false], ["needs", "text", false], ["buying_power", "text", false], ["decision_process", "text", false], ["created_on", "date", false], ["first_contact_on", "date", false], ["qualified_on", "date", false], ["converted_on", "date", false], ["disqualified_on", "date", false], ["disqualification_reason", "text", false], ["customer_id", "id", false], ["contact_id", "id", false], ["opportunity_id", "id", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('opportunities',1,'[["id", "id", false], ["stage", "text", false], ["kind", "choice", false], ["name", "text", false], ["customer_id", "id", false], ["contact_id", "id", false], ["product_id", "id", false], ["rep_id", "id", false], ["probability", "decimal", false], ["is_probability_pinned", "boolean", false], ["amount", "money", false], ["forecast_category", "text", false], ["source", "text", false], ["campaign_id", "id", false], ["competitor", "text", false], ["next_step", "text", false], ["created_on", "date", false], ["first_contact_on", "date", false], ["expected_close_on", "date", false], ["closed_on", "date", false], ["loss_reason", "text", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('opportunity_lines',1,'[["id", "id", false], ["opportunity_id", "id", false], ["product_id", "id", false], ["quantity", "decimal", false], ["unit_price", "money", false], ["amount", "money", false], ["discount", "decimal", false]]');
INSERT INTO "_forms" VALUES('stage_visits',1,'[["id", "id", false], ["stage", "text", false], ["entered_on", "date", false], ["left_on", "date", false], ["opportunity_id", "id", false], ["lead_id", "id", false], ["kind", "choice", false], ["funnel", "text", false], ["entered_at", "instant", false], ["left_at", "instant", false], ["rep_id", "id", false], ["reason", "text", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('campaign_members',1,'[["id", "id", false], ["campaign_id", "id", false], ["customer_id", "id", false], ["contact_id", "id", false], ["lead_id", "id", false], ["is_held_out", "boolean", false], ["joined_on", "date", false], ["sent_on", "date", false], ["opened_on", "date", false], ["replied_on", "date", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('quotes',1,'[["id", "id", false], ["quoted_on", "date", false], ["customer_id", "id", false], ["opportunity_id", "id", false], ["contact_id", "id", false], ["rep_id", "id", false], ["price_book_id", "id", false], ["number", "text", false], ["status", "text", false], ["kind", "choice", false], ["valid_until", "date", false], ["accepted_on", "date", false], ["voided_on", "date", false], ["rounding", "choice", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('quote_lines',1,'[["id", "id", false], ["quote_id", "id", false], ["quantity", "decimal", false], ["net_amount", "money", false], ["product_id", "id", false], ["unit_price", "money", false], ["discount", "decimal", false], ["tax_amount", "money", false]]');
INSERT INTO "_forms" VALUES('contracts',1,'[["id", "id", false], ["name", "text", false], ["customer_id", "id", false], ["opportunity_id", "id", false], ["quote_id", "id", false], ["rep_id", "id", false], ["number", "text", false], ["status", "text", false], ["kind", "choice", false], ["amount", "money", false], ["drafted_on", "date", false], ["signed_on", "date", false], ["starts_on", "date", false], ["ends_on", "date", false], ["voided_on", "date", false], ["payment_terms_days", "decimal", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('orders',1,'[["id", "id", false], ["ordered_on", "date", false], ["customer_id", "id", false], ["rep_id", "id", false], ["opportunity_id", "id", false], ["quote_id", "id", false], ["contract_id", "id", false], ["region", "text", false], ["territory_id", "id", false], ["channel", "text", false], ["source", "text", false], ["campaign_id", "id", false], ["number", "text", false], ["status", "text", false], ["kind", "choice", false], ["required_on", "date", false], ["voided_on", "date", false], ["payment_terms_days", "decimal", false], ["rounding", "choice", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('order_lines',1,'[["id", "id", false], ["order_id", "id", false], ["quantity", "decimal", false], ["net_amount", "money", false], ["product_id", "id", false], ["gross_amount", "money", false], ["discount", "decimal", false], ["cost", "money", false], ["tax_amount", "money", false], ["is_free", "boolean", false]]');
INSERT INTO "_forms" VALUES('deliveries',1,'[["id", "id", false], ["order_id", "id", false], ["customer_id", "id", false], ["shipped_on", "date", false], ["delivered_on", "date", false], ["promised_on", "date", false], ["carrier", "text", false], ["place", "text", false], ["number", "text", false], ["status", "text", false], ["freight", "money", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('delivery_lines',1,'[["id", "id", false], ["delivery_id", "id", false], ["quantity", "decimal", false], ["order_line_id", "id", false], ["product_id", "id", false]]');
INSERT INTO "_forms" VALUES('returns',1,'[["id", "id", false], ["returned_on", "date", false], ["order_id", "id", false], ["customer_id", "id", false], ["rep_id", "id", false], ["reason", "text", false], ["number", "text", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('return_lines',1,'[["id", "id", false], ["return_id", "id", false], ["quantity", "decimal", false], ["net_amount", "money", false], ["order_line_id", "id", false], ["product_id", "id", false], ["cost", "money", false]]');
INSERT INTO "_forms" VALUES('invoices',1,'[["id", "id", false], ["issued_on", "date", false], ["amount", "money", false], ["tax_amount", "money", false], ["customer_id", "id", false], ["order_id", "id", false], ["contract_id", "id", false], ["return_id", "id", false], ["rep_id", "id", false], ["region", "text", false], ["channel", "text", false], ["number", "text", false], ["status", "text", false], ["kind", "choice", false], ["due_on", "date", false], ["voided_on", "date", false], ["rounding", "choice", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('invoice_lines',1,'[["id", "id", false], ["invoice_id", "id", false], ["quantity", "decimal", false], ["net_amount", "money", false], ["product_id", "id", false], ["order_line_id", "id", false], ["gross_amount", "money", false], ["discount", "decimal", false], ["cost", "money", false], ["tax_amount", "money", false]]');
INSERT INTO "_forms" VALUES('instalments',1,'[["id", "id", false], ["due_on", "date", false], ["amount", "money", false], ["invoice_id", "id", false], ["contract_id", "id", false], ["order_id", "id", false], ["number", "text", false]]');
INSERT INTO "_forms" VALUES('payments',1,'[["id", "id", false], ["received_on", "date", false], ["amount", "money", false], ["customer_id", "id", false], ["rep_id", "id", false], ["method", "text", false], ["reference", "text", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('allocations',1,'[["id", "id", false], ["payment_id", "id", false], ["amount", "money", false], ["instalment_id", "id", false], ["invoice_id", "id", false], ["allocated_on", "date", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('expenses',1,'[["id", "id", false], ["spent_on", "date", false], ["amount", "money", false], ["category", "text", false], ["product_id", "id", false], ["customer_id", "id", false], ["opportunity_id", "id", false], ["campaign_id", "id", false], ["rep_id", "id", false], ["region", "text", false], ["note", "text", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('cases',1,'[["id", "id", false], ["opened_on", "date", false], ["opened_at", "instant", false], ["customer_id", "id", false], ["contact_id", "id", false], ["product_id", "id", false], ["order_id", "id", false], ["opportunity_id", "id", false], ["rep_id", "id", false], ["subject", "text", false], ["category", "text", false], ["priority", "text", false], ["channel", "text", false], ["status", "text", false], ["responded_on", "date", false], ["responded_at", "instant", false], ["resolved_on", "date", false], ["resolved_at", "instant", false], ["due_on", "date", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('activities',1,'[["id", "id", false], ["happened_on", "date", false], ["happened_at", "instant", false], ["channel", "text", false], ["direction", "choice", false], ["customer_id", "id", false], ["contact_id", "id", false], ["lead_id", "id", false], ["opportunity_id", "id", false], ["case_id", "id", false], ["rep_id", "id", false], ["minutes", "decimal", false], ["outcome", "text", false], ["note", "text", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('survey_responses',1,'[["id", "id", false], ["survey", "text", false], ["measure", "text", false], ["dimension", "text", false], ["customer_id", "id", false], ["contact_id", "id", false], ["order_id", "id", false], ["case_id", "id", false], ["product_id", "id", false], ["rep_id", "id", false], ["sent_on", "date", false], ["answered_on", "date", false], ["score", "decimal", false], ["lowest", "decimal", false], ["highest", "decimal", false], ["comment", "text", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('targets',1,'[["id", "id", false], ["figure", "text", false], ["starts_on", "date", false], ["ends_on", "date", false], ["amount", "money", false], ["value", "decimal", false], ["unit", "text", false], ["name", "text", false], ["period", "text", false], ["calendar", "text", false], ["level", "choice", false], ["is_lower_better", "boolean", false], ["baseline", "decimal", false], ["rep_id", "id", false], ["team_id", "id", false], ["territory_id", "id", false], ["region", "text", false], ["product_id", "id", false], ["product_family", "text", false], ["customer_id", "id", false], ["segment", "text", false], ["channel", "text", false], ["source", "text", false], ["date_basis", "text", false], ["attribution", "text", false], ["parent_id", "id", false], ["replaces_id", "id", false], ["reason", "text", false], ["approver", "text", false], ["set_on", "date", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('tasks',1,'[["id", "id", false], ["title", "text", false], ["due_on", "date", false], ["rep_id", "id", false], ["customer_id", "id", false], ["lead_id", "id", false], ["opportunity_id", "id", false], ["target_id", "id", false], ["category", "text", false], ["quantity", "decimal", false], ["priority", "text", false], ["created_on", "date", false], ["done_on", "date", false], ["cancelled_on", "date", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('follow_ups',1,'[["id", "id", false], ["due_on", "date", false], ["due_at", "instant", false], ["customer_id", "id", false], ["contact_id", "id", false], ["lead_id", "id", false], ["opportunity_id", "id", false], ["case_id", "id", false], ["rep_id", "id", false], ["channel", "text", false], ["reason", "text", false], ["rule", "text", false], ["created_on", "date", false], ["done_on", "date", false], ["activity_id", "id", false], ["cancelled_on", "date", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('improvements',1,'[["id", "id", false], ["finding", "text", false], ["cause", "text", false], ["measure", "text", false], ["rep_id", "id", false], ["team_id", "id", false], ["figure", "text", false], ["found_on", "date", false], ["due_on", "date", false], ["done_on", "date", false], ["before", "decimal", false], ["after", "decimal", false], ["effect", "text", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('market_sizes',1,'[["id", "id", false], ["starts_on", "date", false], ["ends_on", "date", false], ["amount", "money", false], ["volume", "decimal", false], ["region", "text", false], ["segment", "text", false], ["product_family", "text", false], ["basis", "text", false], ["source", "text", false], ["published_on", "date", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('exchange_rates',1,'[["id", "id", false], ["base", "text", false], ["quote", "text", false], ["valid_from", "date", false], ["rate", "decimal", false], ["kind", "choice", false], ["source", "text", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('grade_intervals',1,'[["id", "id", false], ["customer_id", "id", false], ["grade", "text", false], ["starts_on", "date", false], ["ends_on", "date", false], ["policy", "text", false], ["policy_version", "text", false], ["is_override", "boolean", false], ["expires_on", "date", false], ["reason", "text", false], ["decided_by", "text", false], ["warned_on", "date", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('tags',1,'[["id", "id", false], ["namespace", "text", false], ["name", "text", false], ["source", "choice", false], ["starts_on", "date", false], ["record", "text", false], ["subject", "text", false], ["ends_on", "date", false], ["rule", "text", false], ["decided_by", "text", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('claims',1,'[["id", "id", false], ["rep_id", "id", false], ["claimed_on", "date", false], ["claimed_at", "instant", false], ["customer_id", "id", false], ["lead_id", "id", false], ["pool", "text", false], ["returned_on", "date", false], ["reason", "text", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('statements',1,'[["id", "id", false], ["rep_id", "id", false], ["plan", "text", false], ["starts_on", "date", false], ["ends_on", "date", false], ["amount", "money", false], ["base", "money", false], ["plan_version", "text", false], ["issued_on", "date", false], ["paid_on", "date", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('statement_lines',1,'[["id", "id", false], ["statement_id", "id", false], ["amount", "money", false], ["base", "money", false], ["rate", "decimal", false], ["order_id", "id", false], ["invoice_id", "id", false], ["payment_id", "id", false], ["reason", "text", false]]');
INSERT INTO "_forms" VALUES('appraisals',1,'[["id", "id", false], ["rep_id", "id", false], ["starts_on", "date", false], ["ends_on", "date", false], ["template", "text", false], ["template_version", "text", false], ["score", "decimal", false], ["band", "text", false], ["decided_on", "date", false], ["decided_by", "text", false], ["note", "text", false], ["recorded_at", "instant", false]]');
INSERT INTO "_forms" VALUES('appraisal_items',1,'[["id", "id", false], ["appraisal_id", "id", false], ["item", "text", false], ["weight", "decimal", false], ["score", "decimal", false], ["value", "decimal", false], ["target", "decimal", false], ["reason", "text", false]]');
INSERT INTO "_forms" VALUES('events',1,'[["id", "id", false], ["name", "text", false], ["happened_at", "instant", false], ["record", "text", false], ["subject", "text", false], ["actor", "text", false], ["rule", "text", false], ["detail", "text", false], ["recorded_at", "instant", false]]');
CREATE TABLE `_state` (id INTEGER PRIMARY KEY, form INTEGER NOT NULL, change INTEGER NOT NULL, position INTEGER NOT NULL, event INTEGER NOT NULL, recorded_at TEXT);
INSERT INTO "_state" VALUES(1,1,1,6,2,'2017-03-03T08:30:00.250000Z');
CREATE TABLE `_units` (key TEXT PRIMARY KEY, position INTEGER NOT NULL, digest TEXT NOT NULL, answer TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "_units" VALUES('golden',5,'3ace374b895d83592beb2ce21c3e7eb4f2de456d6e904630e86b7042fe2924a3.3ace374b895d83592beb2ce21c3e7eb4f2de456d6e904630e86b7042fe2924a3','{"position":5,"recorded_at":"2017-03-03T08:30:00.250000Z","versions":[],"events":[1]}');
CREATE TABLE `activities` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `happened_on` TEXT, `happened_at` TEXT, `channel` TEXT, `direction` TEXT, `customer_id` TEXT, `contact_id` TEXT, `lead_id` TEXT, `opportunity_id` TEXT, `case_id` TEXT, `rep_id` TEXT, `minutes` TEXT, `outcome` TEXT, `note` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "activities" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'activities 1','2017-01-01','2017-03-01T08:30:00.250000Z','plain','inbound','customer_id 0','contact_id 0','lead_id 0','opportunity_id 0','case_id 0','rep_id 0','1','plain','plain','2017-03-01T08:30:00.250000Z');
INSERT INTO "activities" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'activities 1','2017-01-02',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "activities" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'activities 1','2017-01-03','2017-03-01T08:30:00.250002Z','ü
	Å; --','inbound','customer_id 2','contact_id 2','lead_id 2','opportunity_id 2','case_id 2','rep_id 2','1.000','ü
	Å; --','ü
	Å; --','2017-03-01T08:30:00.250002Z');
CREATE TABLE `allocations` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `payment_id` TEXT, `amount_amount` TEXT, `amount_currency` TEXT, `instalment_id` TEXT, `invoice_id` TEXT, `allocated_on` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "allocations" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'allocations 1','payment_id 0','12.50','EUR','instalment_id 0','invoice_id 0','2017-01-01','2017-03-01T08:30:00.250000Z');
INSERT INTO "allocations" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'allocations 1','payment_id 1','-0.001','JPY',NULL,NULL,NULL,NULL);
INSERT INTO "allocations" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'allocations 1','payment_id 2','99999999999999999999.999999999999999999','USD','instalment_id 2','invoice_id 2','2017-01-03','2017-03-01T08:30:00.250002Z');
CREATE TABLE `appraisal_items` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `appraisal_id` TEXT, `item` TEXT, `weight` TEXT, `score` TEXT, `value` TEXT, `target` TEXT, `reason` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "appraisal_items" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'appraisal_items 1','appraisal_id 0','plain','1','1','1','1','plain');
INSERT INTO "appraisal_items" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'appraisal_items 1','appraisal_id 1','華北 ''quoted'' "twice"','0.50',NULL,NULL,NULL,NULL);
INSERT INTO "appraisal_items" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'appraisal_items 1','appraisal_id 2','ü
	Å; --','1.000','1.000','1.000','1.000','ü
	Å; --');
CREATE TABLE `appraisals` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `rep_id` TEXT, `starts_on` TEXT, `ends_on` TEXT, `template` TEXT, `template_version` TEXT, `score` TEXT, `band` TEXT, `decided_on` TEXT, `decided_by` TEXT, `note` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "appraisals" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'appraisals 1','rep_id 0','2017-01-01','2017-01-01','plain','plain','1','plain','2017-01-01','plain','plain','2017-03-01T08:30:00.250000Z');
INSERT INTO "appraisals" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'appraisals 1','rep_id 1','2017-01-02','2017-01-02',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "appraisals" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'appraisals 1','rep_id 2','2017-01-03','2017-01-03','ü
	Å; --','ü
	Å; --','1.000','ü
	Å; --','2017-01-03','ü
	Å; --','ü
	Å; --','2017-03-01T08:30:00.250002Z');
CREATE TABLE `campaign_members` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `campaign_id` TEXT, `customer_id` TEXT, `contact_id` TEXT, `lead_id` TEXT, `is_held_out` INTEGER, `joined_on` TEXT, `sent_on` TEXT, `opened_on` TEXT, `replied_on` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "campaign_members" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'campaign_members 1','campaign_id 0','customer_id 0','contact_id 0','lead_id 0',1,'2017-01-01','2017-01-01','2017-01-01','2017-01-01','2017-03-01T08:30:00.250000Z');
INSERT INTO "campaign_members" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'campaign_members 1','campaign_id 1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "campaign_members" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'campaign_members 1','campaign_id 2','customer_id 2','contact_id 2','lead_id 2',1,'2017-01-03','2017-01-03','2017-01-03','2017-01-03','2017-03-01T08:30:00.250002Z');
CREATE TABLE `campaigns` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `name` TEXT, `category` TEXT, `channel` TEXT, `starts_on` TEXT, `ends_on` TEXT, `budget_amount` TEXT, `budget_currency` TEXT, `cost_amount` TEXT, `cost_currency` TEXT, `rep_id` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "campaigns" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'campaigns 1','plain','plain','plain','2017-01-01','2017-01-01','12.50','EUR','12.50','EUR','rep_id 0','2017-03-01T08:30:00.250000Z');
INSERT INTO "campaigns" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'campaigns 1','華北 ''quoted'' "twice"',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "campaigns" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'campaigns 1','ü
	Å; --','ü
	Å; --','ü
	Å; --','2017-01-03','2017-01-03','99999999999999999999.999999999999999999','USD','99999999999999999999.999999999999999999','USD','rep_id 2','2017-03-01T08:30:00.250002Z');
CREATE TABLE `cases` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `opened_on` TEXT, `opened_at` TEXT, `customer_id` TEXT, `contact_id` TEXT, `product_id` TEXT, `order_id` TEXT, `opportunity_id` TEXT, `rep_id` TEXT, `subject` TEXT, `category` TEXT, `priority` TEXT, `channel` TEXT, `status` TEXT, `responded_on` TEXT, `responded_at` TEXT, `resolved_on` TEXT, `resolved_at` TEXT, `due_on` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "cases" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'cases 1','2017-01-01','2017-03-01T08:30:00.250000Z','customer_id 0','contact_id 0','product_id 0','order_id 0','opportunity_id 0','rep_id 0','plain','plain','plain','plain','plain','2017-01-01','2017-03-01T08:30:00.250000Z','2017-01-01','2017-03-01T08:30:00.250000Z','2017-01-01','2017-03-01T08:30:00.250000Z');
INSERT INTO "cases" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'cases 1','2017-01-02',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "cases" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'cases 1','2017-01-03','2017-03-01T08:30:00.250002Z','customer_id 2','contact_id 2','product_id 2','order_id 2','opportunity_id 2','rep_id 2','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','2017-01-03','2017-03-01T08:30:00.250002Z','2017-01-03','2017-03-01T08:30:00.250002Z','2017-01-03','2017-03-01T08:30:00.250002Z');
CREATE TABLE `claims` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `rep_id` TEXT, `claimed_on` TEXT, `claimed_at` TEXT, `customer_id` TEXT, `lead_id` TEXT, `pool` TEXT, `returned_on` TEXT, `reason` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "claims" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'claims 1','rep_id 0','2017-01-01','2017-03-01T08:30:00.250000Z','customer_id 0','lead_id 0','plain','2017-01-01','plain','2017-03-01T08:30:00.250000Z');
INSERT INTO "claims" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'claims 1','rep_id 1','2017-01-02',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "claims" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'claims 1','rep_id 2','2017-01-03','2017-03-01T08:30:00.250002Z','customer_id 2','lead_id 2','ü
	Å; --','2017-01-03','ü
	Å; --','2017-03-01T08:30:00.250002Z');
CREATE TABLE `contacts` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `name` TEXT, `customer_id` TEXT, `title` TEXT, `department` TEXT, `decision_role` TEXT, `phone` TEXT, `email` TEXT, `wechat` TEXT, `preferred_channel` TEXT, `may_contact` INTEGER, `birthday` TEXT, `created_on` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "contacts" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'contacts 1','plain','customer_id 0','plain','plain','plain','plain','plain','plain','plain',1,'2017-01-01','2017-01-01','2017-03-01T08:30:00.250000Z');
INSERT INTO "contacts" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'contacts 1','華北 ''quoted'' "twice"',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "contacts" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'contacts 1','ü
	Å; --','customer_id 2','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --',1,'2017-01-03','2017-01-03','2017-03-01T08:30:00.250002Z');
CREATE TABLE `contracts` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `name` TEXT, `customer_id` TEXT, `opportunity_id` TEXT, `quote_id` TEXT, `rep_id` TEXT, `number` TEXT, `status` TEXT, `kind` TEXT, `amount_amount` TEXT, `amount_currency` TEXT, `drafted_on` TEXT, `signed_on` TEXT, `starts_on` TEXT, `ends_on` TEXT, `voided_on` TEXT, `payment_terms_days` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "contracts" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'contracts 1','plain','customer_id 0','opportunity_id 0','quote_id 0','rep_id 0','plain','plain','draft','12.50','EUR','2017-01-01','2017-01-01','2017-01-01','2017-01-01','2017-01-01','1','2017-03-01T08:30:00.250000Z');
INSERT INTO "contracts" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'contracts 1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "contracts" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'contracts 1','ü
	Å; --','customer_id 2','opportunity_id 2','quote_id 2','rep_id 2','ü
	Å; --','ü
	Å; --','closed','99999999999999999999.999999999999999999','USD','2017-01-03','2017-01-03','2017-01-03','2017-01-03','2017-01-03','1.000','2017-03-01T08:30:00.250002Z');
CREATE TABLE `customers` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `name` TEXT, `lifecycle` TEXT, `segment` TEXT, `industry` TEXT, `country` TEXT, `region` TEXT, `rep_id` TEXT, `parent_id` TEXT, `territory_id` TEXT, `source` TEXT, `registration_number` TEXT, `phone` TEXT, `email` TEXT, `website` TEXT, `address` TEXT, `city` TEXT, `postal_code` TEXT, `employees` TEXT, `annual_revenue_amount` TEXT, `annual_revenue_currency` TEXT, `credit_limit_amount` TEXT, `credit_limit_currency` TEXT, `payment_terms_days` TEXT, `needs` TEXT, `buying_power` TEXT, `decision_process` TEXT, `created_on` TEXT, `recorded_at` TEXT, `stars` TEXT, `fee_amount` TEXT, `fee_currency` TEXT, `colour` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "customers" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'customers 1','plain','lead','plain','plain','plain','plain','rep_id 0','parent_id 0','territory_id 0','plain','plain','plain','plain','plain','plain','plain','plain','1','12.50','EUR','12.50','EUR','1','plain','plain','plain','2017-01-01','2017-03-01T08:30:00.250000Z','1','12.50','EUR','red');
INSERT INTO "customers" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'customers 1','華北 ''quoted'' "twice"',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "customers" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'customers 1','ü
	Å; --','customer','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','rep_id 2','parent_id 2','territory_id 2','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','1.000','99999999999999999999.999999999999999999','USD','99999999999999999999.999999999999999999','USD','1.000','ü
	Å; --','ü
	Å; --','ü
	Å; --','2017-01-03','2017-03-01T08:30:00.250002Z','1.000','99999999999999999999.999999999999999999','USD','red');
CREATE TABLE `deliveries` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `order_id` TEXT, `customer_id` TEXT, `shipped_on` TEXT, `delivered_on` TEXT, `promised_on` TEXT, `carrier` TEXT, `place` TEXT, `number` TEXT, `status` TEXT, `freight_amount` TEXT, `freight_currency` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "deliveries" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'deliveries 1','order_id 0','customer_id 0','2017-01-01','2017-01-01','2017-01-01','plain','plain','plain','plain','12.50','EUR','2017-03-01T08:30:00.250000Z');
INSERT INTO "deliveries" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'deliveries 1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "deliveries" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'deliveries 1','order_id 2','customer_id 2','2017-01-03','2017-01-03','2017-01-03','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','99999999999999999999.999999999999999999','USD','2017-03-01T08:30:00.250002Z');
CREATE TABLE `delivery_lines` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `delivery_id` TEXT, `quantity` TEXT, `order_line_id` TEXT, `product_id` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "delivery_lines" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'delivery_lines 1','delivery_id 0','1','order_line_id 0','product_id 0');
INSERT INTO "delivery_lines" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'delivery_lines 1','delivery_id 1','0.50',NULL,NULL);
INSERT INTO "delivery_lines" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'delivery_lines 1','delivery_id 2','1.000','order_line_id 2','product_id 2');
CREATE TABLE `events` (`_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_unit` INTEGER NOT NULL, `_is_erased` INTEGER NOT NULL, `id` TEXT, `name` TEXT, `happened_at` TEXT, `record` TEXT, `subject` TEXT, `actor` TEXT, `rule` TEXT, `detail` TEXT, `recorded_at` TEXT, PRIMARY KEY (`_position`), UNIQUE (`id`));
INSERT INTO "events" VALUES(1,'2017-03-03T08:30:00.250000Z',5,0,'e1','stage_entered','2017-03-01T08:30:00.250000Z',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES(2,'2017-03-03T08:30:00.250000Z',6,0,'e2','noted','2017-03-01T08:30:00.250000Z',NULL,NULL,'Ann',NULL,'{"a": "中"}',NULL);
CREATE TABLE `exchange_rates` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `base` TEXT, `quote` TEXT, `valid_from` TEXT, `rate` TEXT, `kind` TEXT, `source` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "exchange_rates" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'exchange_rates 1','plain','plain','2017-01-01','1','spot','plain','2017-03-01T08:30:00.250000Z');
INSERT INTO "exchange_rates" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'exchange_rates 1','華北 ''quoted'' "twice"','華北 ''quoted'' "twice"','2017-01-02','0.50',NULL,NULL,NULL);
INSERT INTO "exchange_rates" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'exchange_rates 1','ü
	Å; --','ü
	Å; --','2017-01-03','1.000','budget','ü
	Å; --','2017-03-01T08:30:00.250002Z');
CREATE TABLE `expenses` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `spent_on` TEXT, `amount_amount` TEXT, `amount_currency` TEXT, `category` TEXT, `product_id` TEXT, `customer_id` TEXT, `opportunity_id` TEXT, `campaign_id` TEXT, `rep_id` TEXT, `region` TEXT, `note` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "expenses" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'expenses 1','2017-01-01','12.50','EUR','plain','product_id 0','customer_id 0','opportunity_id 0','campaign_id 0','rep_id 0','plain','plain','2017-03-01T08:30:00.250000Z');
INSERT INTO "expenses" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'expenses 1','2017-01-02','-0.001','JPY',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "expenses" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'expenses 1','2017-01-03','99999999999999999999.999999999999999999','USD','ü
	Å; --','product_id 2','customer_id 2','opportunity_id 2','campaign_id 2','rep_id 2','ü
	Å; --','ü
	Å; --','2017-03-01T08:30:00.250002Z');
CREATE TABLE `follow_ups` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `due_on` TEXT, `due_at` TEXT, `customer_id` TEXT, `contact_id` TEXT, `lead_id` TEXT, `opportunity_id` TEXT, `case_id` TEXT, `rep_id` TEXT, `channel` TEXT, `reason` TEXT, `rule` TEXT, `created_on` TEXT, `done_on` TEXT, `activity_id` TEXT, `cancelled_on` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "follow_ups" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'follow_ups 1','2017-01-01','2017-03-01T08:30:00.250000Z','customer_id 0','contact_id 0','lead_id 0','opportunity_id 0','case_id 0','rep_id 0','plain','plain','plain','2017-01-01','2017-01-01','activity_id 0','2017-01-01','2017-03-01T08:30:00.250000Z');
INSERT INTO "follow_ups" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'follow_ups 1','2017-01-02',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "follow_ups" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'follow_ups 1','2017-01-03','2017-03-01T08:30:00.250002Z','customer_id 2','contact_id 2','lead_id 2','opportunity_id 2','case_id 2','rep_id 2','ü
	Å; --','ü
	Å; --','ü
	Å; --','2017-01-03','2017-01-03','activity_id 2','2017-01-03','2017-03-01T08:30:00.250002Z');
CREATE TABLE `grade_intervals` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `customer_id` TEXT, `grade` TEXT, `starts_on` TEXT, `ends_on` TEXT, `policy` TEXT, `policy_version` TEXT, `is_override` INTEGER, `expires_on` TEXT, `reason` TEXT, `decided_by` TEXT, `warned_on` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "grade_intervals" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'grade_intervals 1','customer_id 0','plain','2017-01-01','2017-01-01','plain','plain',1,'2017-01-01','plain','plain','2017-01-01','2017-03-01T08:30:00.250000Z');
INSERT INTO "grade_intervals" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'grade_intervals 1','customer_id 1','華北 ''quoted'' "twice"','2017-01-02',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "grade_intervals" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'grade_intervals 1','customer_id 2','ü
	Å; --','2017-01-03','2017-01-03','ü
	Å; --','ü
	Å; --',1,'2017-01-03','ü
	Å; --','ü
	Å; --','2017-01-03','2017-03-01T08:30:00.250002Z');
CREATE TABLE `improvements` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `finding` TEXT, `cause` TEXT, `measure` TEXT, `rep_id` TEXT, `team_id` TEXT, `figure` TEXT, `found_on` TEXT, `due_on` TEXT, `done_on` TEXT, `before` TEXT, `after` TEXT, `effect` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "improvements" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'improvements 1','plain','plain','plain','rep_id 0','team_id 0','plain','2017-01-01','2017-01-01','2017-01-01','1','1','plain','2017-03-01T08:30:00.250000Z');
INSERT INTO "improvements" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'improvements 1','華北 ''quoted'' "twice"',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "improvements" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'improvements 1','ü
	Å; --','ü
	Å; --','ü
	Å; --','rep_id 2','team_id 2','ü
	Å; --','2017-01-03','2017-01-03','2017-01-03','1.000','1.000','ü
	Å; --','2017-03-01T08:30:00.250002Z');
CREATE TABLE `instalments` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `due_on` TEXT, `amount_amount` TEXT, `amount_currency` TEXT, `invoice_id` TEXT, `contract_id` TEXT, `order_id` TEXT, `number` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "instalments" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'instalments 1','2017-01-01','12.50','EUR','invoice_id 0','contract_id 0','order_id 0','plain');
INSERT INTO "instalments" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'instalments 1','2017-01-02','-0.001','JPY',NULL,NULL,NULL,NULL);
INSERT INTO "instalments" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'instalments 1','2017-01-03','99999999999999999999.999999999999999999','USD','invoice_id 2','contract_id 2','order_id 2','ü
	Å; --');
CREATE TABLE `invoice_lines` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `invoice_id` TEXT, `quantity` TEXT, `net_amount_amount` TEXT, `net_amount_currency` TEXT, `product_id` TEXT, `order_line_id` TEXT, `gross_amount_amount` TEXT, `gross_amount_currency` TEXT, `discount` TEXT, `cost_amount` TEXT, `cost_currency` TEXT, `tax_amount_amount` TEXT, `tax_amount_currency` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "invoice_lines" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'invoice_lines 1','invoice_id 0','1','12.50','EUR','product_id 0','order_line_id 0','12.50','EUR','1','12.50','EUR','12.50','EUR');
INSERT INTO "invoice_lines" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'invoice_lines 1','invoice_id 1','0.50','-0.001','JPY',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "invoice_lines" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'invoice_lines 1','invoice_id 2','1.000','99999999999999999999.999999999999999999','USD','product_id 2','order_line_id 2','99999999999999999999.999999999999999999','USD','1.000','99999999999999999999.999999999999999999','USD','99999999999999999999.999999999999999999','USD');
CREATE TABLE `invoices` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `issued_on` TEXT, `amount_amount` TEXT, `amount_currency` TEXT, `tax_amount_amount` TEXT, `tax_amount_currency` TEXT, `customer_id` TEXT, `order_id` TEXT, `contract_id` TEXT, `return_id` TEXT, `rep_id` TEXT, `region` TEXT, `channel` TEXT, `number` TEXT, `status` TEXT, `kind` TEXT, `due_on` TEXT, `voided_on` TEXT, `rounding` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "invoices" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'invoices 1','2017-01-01','12.50','EUR','12.50','EUR','customer_id 0','order_id 0','contract_id 0','return_id 0','rep_id 0','plain','plain','plain','plain','draft','2017-01-01','2017-01-01','line','2017-03-01T08:30:00.250000Z');
INSERT INTO "invoices" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'invoices 1','2017-01-02','-0.001','JPY',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "invoices" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'invoices 1','2017-01-03','99999999999999999999.999999999999999999','USD','99999999999999999999.999999999999999999','USD','customer_id 2','order_id 2','contract_id 2','return_id 2','rep_id 2','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','closed','2017-01-03','2017-01-03','document','2017-03-01T08:30:00.250002Z');
CREATE TABLE `leads` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `name` TEXT, `kind` TEXT, `status` TEXT, `company` TEXT, `source` TEXT, `campaign_id` TEXT, `channel` TEXT, `rep_id` TEXT, `region` TEXT, `industry` TEXT, `country` TEXT, `product_id` TEXT, `amount_amount` TEXT, `amount_currency` TEXT, `phone` TEXT, `email` TEXT, `wechat` TEXT, `business_domain` TEXT, `needs` TEXT, `buying_power` TEXT, `decision_process` TEXT, `created_on` TEXT, `first_contact_on` TEXT, `qualified_on` TEXT, `converted_on` TEXT, `disqualified_on` TEXT, `disqualification_reason` TEXT, `customer_id` TEXT, `contact_id` TEXT, `opportunity_id` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "leads" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'leads 1','plain','open','plain','plain','plain','campaign_id 0','plain','rep_id 0','plain','plain','plain','product_id 0','12.50','EUR','plain','plain','plain','plain','plain','plain','plain','2017-01-01','2017-01-01','2017-01-01','2017-01-01','2017-01-01','plain','customer_id 0','contact_id 0','opportunity_id 0','2017-03-01T08:30:00.250000Z');
INSERT INTO "leads" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'leads 1','華北 ''quoted'' "twice"',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "leads" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'leads 1','ü
	Å; --','converted','ü
	Å; --','ü
	Å; --','ü
	Å; --','campaign_id 2','ü
	Å; --','rep_id 2','ü
	Å; --','ü
	Å; --','ü
	Å; --','product_id 2','99999999999999999999.999999999999999999','USD','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','2017-01-03','2017-01-03','2017-01-03','2017-01-03','2017-01-03','ü
	Å; --','customer_id 2','contact_id 2','opportunity_id 2','2017-03-01T08:30:00.250002Z');
CREATE TABLE `market_sizes` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `starts_on` TEXT, `ends_on` TEXT, `amount_amount` TEXT, `amount_currency` TEXT, `volume` TEXT, `region` TEXT, `segment` TEXT, `product_family` TEXT, `basis` TEXT, `source` TEXT, `published_on` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "market_sizes" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'market_sizes 1','2017-01-01','2017-01-01','12.50','EUR','1','plain','plain','plain','plain','plain','2017-01-01','2017-03-01T08:30:00.250000Z');
INSERT INTO "market_sizes" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'market_sizes 1','2017-01-02','2017-01-02',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "market_sizes" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'market_sizes 1','2017-01-03','2017-01-03','99999999999999999999.999999999999999999','USD','1.000','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','2017-01-03','2017-03-01T08:30:00.250002Z');
CREATE TABLE `opportunities` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `stage` TEXT, `kind` TEXT, `name` TEXT, `customer_id` TEXT, `contact_id` TEXT, `product_id` TEXT, `rep_id` TEXT, `probability` TEXT, `is_probability_pinned` INTEGER, `amount_amount` TEXT, `amount_currency` TEXT, `forecast_category` TEXT, `source` TEXT, `campaign_id` TEXT, `competitor` TEXT, `next_step` TEXT, `created_on` TEXT, `first_contact_on` TEXT, `expected_close_on` TEXT, `closed_on` TEXT, `loss_reason` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "opportunities" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'opportunities 1','plain','open','plain','customer_id 0','contact_id 0','product_id 0','rep_id 0','1',1,'12.50','EUR','plain','plain','campaign_id 0','plain','plain','2017-01-01','2017-01-01','2017-01-01','2017-01-01','plain','2017-03-01T08:30:00.250000Z');
INSERT INTO "opportunities" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'opportunities 1','華北 ''quoted'' "twice"','won',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "opportunities" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'opportunities 1','ü
	Å; --','lost','ü
	Å; --','customer_id 2','contact_id 2','product_id 2','rep_id 2','1.000',1,'99999999999999999999.999999999999999999','USD','ü
	Å; --','ü
	Å; --','campaign_id 2','ü
	Å; --','ü
	Å; --','2017-01-03','2017-01-03','2017-01-03','2017-01-03','ü
	Å; --','2017-03-01T08:30:00.250002Z');
CREATE TABLE `opportunity_lines` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `opportunity_id` TEXT, `product_id` TEXT, `quantity` TEXT, `unit_price_amount` TEXT, `unit_price_currency` TEXT, `amount_amount` TEXT, `amount_currency` TEXT, `discount` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "opportunity_lines" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'opportunity_lines 1','opportunity_id 0','product_id 0','1','12.50','EUR','12.50','EUR','1');
INSERT INTO "opportunity_lines" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'opportunity_lines 1','opportunity_id 1',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "opportunity_lines" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'opportunity_lines 1','opportunity_id 2','product_id 2','1.000','99999999999999999999.999999999999999999','USD','99999999999999999999.999999999999999999','USD','1.000');
CREATE TABLE `order_lines` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `order_id` TEXT, `quantity` TEXT, `net_amount_amount` TEXT, `net_amount_currency` TEXT, `product_id` TEXT, `gross_amount_amount` TEXT, `gross_amount_currency` TEXT, `discount` TEXT, `cost_amount` TEXT, `cost_currency` TEXT, `tax_amount_amount` TEXT, `tax_amount_currency` TEXT, `is_free` INTEGER, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "order_lines" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'order_lines 1','order_id 0','1','12.50','EUR','product_id 0','12.50','EUR','1','12.50','EUR','12.50','EUR',1);
INSERT INTO "order_lines" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'order_lines 1','order_id 1','0.50','-0.001','JPY',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "order_lines" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'order_lines 1','order_id 2','1.000','99999999999999999999.999999999999999999','USD','product_id 2','99999999999999999999.999999999999999999','USD','1.000','99999999999999999999.999999999999999999','USD','99999999999999999999.999999999999999999','USD',1);
CREATE TABLE `orders` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `ordered_on` TEXT, `customer_id` TEXT, `rep_id` TEXT, `opportunity_id` TEXT, `quote_id` TEXT, `contract_id` TEXT, `region` TEXT, `territory_id` TEXT, `channel` TEXT, `source` TEXT, `campaign_id` TEXT, `number` TEXT, `status` TEXT, `kind` TEXT, `required_on` TEXT, `voided_on` TEXT, `payment_terms_days` TEXT, `rounding` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "orders" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'orders 1','2017-01-01','customer_id 0','rep_id 0','opportunity_id 0','quote_id 0','contract_id 0','plain','territory_id 0','plain','plain','campaign_id 0','plain','plain','draft','2017-01-01','2017-01-01','1','line','2017-03-01T08:30:00.250000Z');
INSERT INTO "orders" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'orders 1','2017-01-02',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "orders" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'orders 1','2017-01-03','customer_id 2','rep_id 2','opportunity_id 2','quote_id 2','contract_id 2','ü
	Å; --','territory_id 2','ü
	Å; --','ü
	Å; --','campaign_id 2','ü
	Å; --','ü
	Å; --','closed','2017-01-03','2017-01-03','1.000','document','2017-03-01T08:30:00.250002Z');
CREATE TABLE `payments` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `received_on` TEXT, `amount_amount` TEXT, `amount_currency` TEXT, `customer_id` TEXT, `rep_id` TEXT, `method` TEXT, `reference` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "payments" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'payments 1','2017-01-01','12.50','EUR','customer_id 0','rep_id 0','plain','plain','2017-03-01T08:30:00.250000Z');
INSERT INTO "payments" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'payments 1','2017-01-02','-0.001','JPY',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "payments" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'payments 1','2017-01-03','99999999999999999999.999999999999999999','USD','customer_id 2','rep_id 2','ü
	Å; --','ü
	Å; --','2017-03-01T08:30:00.250002Z');
CREATE TABLE `price_book_entries` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `product_id` TEXT, `price_amount` TEXT, `price_currency` TEXT, `price_book_id` TEXT, `minimum_quantity` TEXT, `valid_from` TEXT, `valid_until` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "price_book_entries" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'price_book_entries 1','product_id 0','12.50','EUR','price_book_id 0','1','2017-01-01','2017-01-01');
INSERT INTO "price_book_entries" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'price_book_entries 1','product_id 1','-0.001','JPY',NULL,NULL,NULL,NULL);
INSERT INTO "price_book_entries" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'price_book_entries 1','product_id 2','99999999999999999999.999999999999999999','USD','price_book_id 2','1.000','2017-01-03','2017-01-03');
CREATE TABLE `price_books` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `name` TEXT, `segment` TEXT, `region` TEXT, `channel` TEXT, `valid_from` TEXT, `valid_until` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "price_books" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'price_books 1','plain','plain','plain','plain','2017-01-01','2017-01-01');
INSERT INTO "price_books" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'price_books 1','華北 ''quoted'' "twice"',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "price_books" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'price_books 1','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','2017-01-03','2017-01-03');
CREATE TABLE `product_costs` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `product_id` TEXT, `cost_amount` TEXT, `cost_currency` TEXT, `component` TEXT, `valid_from` TEXT, `valid_until` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "product_costs" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'product_costs 1','product_id 0','12.50','EUR','plain','2017-01-01','2017-01-01');
INSERT INTO "product_costs" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'product_costs 1','product_id 1','-0.001','JPY',NULL,NULL,NULL);
INSERT INTO "product_costs" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'product_costs 1','product_id 2','99999999999999999999.999999999999999999','USD','ü
	Å; --','2017-01-03','2017-01-03');
CREATE TABLE `products` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `name` TEXT, `sku` TEXT, `family` TEXT, `subfamily` TEXT, `unit` TEXT, `list_price_amount` TEXT, `list_price_currency` TEXT, `is_active` INTEGER, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "products" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'products 1','plain','plain','plain','plain','plain','12.50','EUR',1);
INSERT INTO "products" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'products 1','華北 ''quoted'' "twice"',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "products" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'products 1','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','99999999999999999999.999999999999999999','USD',1);
CREATE TABLE `quote_lines` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `quote_id` TEXT, `quantity` TEXT, `net_amount_amount` TEXT, `net_amount_currency` TEXT, `product_id` TEXT, `unit_price_amount` TEXT, `unit_price_currency` TEXT, `discount` TEXT, `tax_amount_amount` TEXT, `tax_amount_currency` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "quote_lines" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'quote_lines 1','quote_id 0','1','12.50','EUR','product_id 0','12.50','EUR','1','12.50','EUR');
INSERT INTO "quote_lines" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'quote_lines 1','quote_id 1','0.50','-0.001','JPY',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "quote_lines" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'quote_lines 1','quote_id 2','1.000','99999999999999999999.999999999999999999','USD','product_id 2','99999999999999999999.999999999999999999','USD','1.000','99999999999999999999.999999999999999999','USD');
CREATE TABLE `quotes` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `quoted_on` TEXT, `customer_id` TEXT, `opportunity_id` TEXT, `contact_id` TEXT, `rep_id` TEXT, `price_book_id` TEXT, `number` TEXT, `status` TEXT, `kind` TEXT, `valid_until` TEXT, `accepted_on` TEXT, `voided_on` TEXT, `rounding` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "quotes" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'quotes 1','2017-01-01','customer_id 0','opportunity_id 0','contact_id 0','rep_id 0','price_book_id 0','plain','plain','draft','2017-01-01','2017-01-01','2017-01-01','line','2017-03-01T08:30:00.250000Z');
INSERT INTO "quotes" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'quotes 1','2017-01-02',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "quotes" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'quotes 1','2017-01-03','customer_id 2','opportunity_id 2','contact_id 2','rep_id 2','price_book_id 2','ü
	Å; --','ü
	Å; --','closed','2017-01-03','2017-01-03','2017-01-03','document','2017-03-01T08:30:00.250002Z');
CREATE TABLE `return_lines` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `return_id` TEXT, `quantity` TEXT, `net_amount_amount` TEXT, `net_amount_currency` TEXT, `order_line_id` TEXT, `product_id` TEXT, `cost_amount` TEXT, `cost_currency` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "return_lines" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'return_lines 1','return_id 0','1','12.50','EUR','order_line_id 0','product_id 0','12.50','EUR');
INSERT INTO "return_lines" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'return_lines 1','return_id 1','0.50','-0.001','JPY',NULL,NULL,NULL,NULL);
INSERT INTO "return_lines" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'return_lines 1','return_id 2','1.000','99999999999999999999.999999999999999999','USD','order_line_id 2','product_id 2','99999999999999999999.999999999999999999','USD');
CREATE TABLE `returns` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `returned_on` TEXT, `order_id` TEXT, `customer_id` TEXT, `rep_id` TEXT, `reason` TEXT, `number` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "returns" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'returns 1','2017-01-01','order_id 0','customer_id 0','rep_id 0','plain','plain','2017-03-01T08:30:00.250000Z');
INSERT INTO "returns" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'returns 1','2017-01-02',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "returns" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'returns 1','2017-01-03','order_id 2','customer_id 2','rep_id 2','ü
	Å; --','ü
	Å; --','2017-03-01T08:30:00.250002Z');
CREATE TABLE `sales_reps` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `name` TEXT, `team_id` TEXT, `region` TEXT, `territory_id` TEXT, `manager_id` TEXT, `email` TEXT, `phone` TEXT, `hired_on` TEXT, `left_on` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "sales_reps" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'sales_reps 1','plain','team_id 0','plain','territory_id 0','manager_id 0','plain','plain','2017-01-01','2017-01-01');
INSERT INTO "sales_reps" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'sales_reps 1','華北 ''quoted'' "twice"',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "sales_reps" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'sales_reps 1','ü
	Å; --','team_id 2','ü
	Å; --','territory_id 2','manager_id 2','ü
	Å; --','ü
	Å; --','2017-01-03','2017-01-03');
CREATE TABLE `stage_visits` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `stage` TEXT, `entered_on` TEXT, `left_on` TEXT, `opportunity_id` TEXT, `lead_id` TEXT, `kind` TEXT, `funnel` TEXT, `entered_at` TEXT, `left_at` TEXT, `rep_id` TEXT, `reason` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "stage_visits" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'stage_visits 1','plain','2017-01-01','2017-01-01','opportunity_id 0','lead_id 0','open','plain','2017-03-01T08:30:00.250000Z','2017-03-01T08:30:00.250000Z','rep_id 0','plain','2017-03-01T08:30:00.250000Z');
INSERT INTO "stage_visits" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'stage_visits 1','華北 ''quoted'' "twice"','2017-01-02',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "stage_visits" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'stage_visits 1','ü
	Å; --','2017-01-03','2017-01-03','opportunity_id 2','lead_id 2','lost','ü
	Å; --','2017-03-01T08:30:00.250002Z','2017-03-01T08:30:00.250002Z','rep_id 2','ü
	Å; --','2017-03-01T08:30:00.250002Z');
CREATE TABLE `statement_lines` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `statement_id` TEXT, `amount_amount` TEXT, `amount_currency` TEXT, `base_amount` TEXT, `base_currency` TEXT, `rate` TEXT, `order_id` TEXT, `invoice_id` TEXT, `payment_id` TEXT, `reason` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "statement_lines" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'statement_lines 1','statement_id 0','12.50','EUR','12.50','EUR','1','order_id 0','invoice_id 0','payment_id 0','plain');
INSERT INTO "statement_lines" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'statement_lines 1','statement_id 1','-0.001','JPY',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "statement_lines" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'statement_lines 1','statement_id 2','99999999999999999999.999999999999999999','USD','99999999999999999999.999999999999999999','USD','1.000','order_id 2','invoice_id 2','payment_id 2','ü
	Å; --');
CREATE TABLE `statements` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `rep_id` TEXT, `plan` TEXT, `starts_on` TEXT, `ends_on` TEXT, `amount_amount` TEXT, `amount_currency` TEXT, `base_amount` TEXT, `base_currency` TEXT, `plan_version` TEXT, `issued_on` TEXT, `paid_on` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "statements" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'statements 1','rep_id 0','plain','2017-01-01','2017-01-01','12.50','EUR','12.50','EUR','plain','2017-01-01','2017-01-01','2017-03-01T08:30:00.250000Z');
INSERT INTO "statements" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'statements 1','rep_id 1','華北 ''quoted'' "twice"','2017-01-02','2017-01-02','-0.001','JPY',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "statements" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'statements 1','rep_id 2','ü
	Å; --','2017-01-03','2017-01-03','99999999999999999999.999999999999999999','USD','99999999999999999999.999999999999999999','USD','ü
	Å; --','2017-01-03','2017-01-03','2017-03-01T08:30:00.250002Z');
CREATE TABLE `stock_items` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `product_id` TEXT, `on_hand` TEXT, `place` TEXT, `reserved` TEXT, `on_order` TEXT, `reorder_point` TEXT, `counted_on` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "stock_items" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'stock_items 1','product_id 0','1','plain','1','1','1','2017-01-01','2017-03-01T08:30:00.250000Z');
INSERT INTO "stock_items" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'stock_items 1','product_id 1','0.50',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "stock_items" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'stock_items 1','product_id 2','1.000','ü
	Å; --','1.000','1.000','1.000','2017-01-03','2017-03-01T08:30:00.250002Z');
CREATE TABLE `survey_responses` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `survey` TEXT, `measure` TEXT, `dimension` TEXT, `customer_id` TEXT, `contact_id` TEXT, `order_id` TEXT, `case_id` TEXT, `product_id` TEXT, `rep_id` TEXT, `sent_on` TEXT, `answered_on` TEXT, `score` TEXT, `lowest` TEXT, `highest` TEXT, `comment` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "survey_responses" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'survey_responses 1','plain','plain','plain','customer_id 0','contact_id 0','order_id 0','case_id 0','product_id 0','rep_id 0','2017-01-01','2017-01-01','1','1','1','plain','2017-03-01T08:30:00.250000Z');
INSERT INTO "survey_responses" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'survey_responses 1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "survey_responses" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'survey_responses 1','ü
	Å; --','ü
	Å; --','ü
	Å; --','customer_id 2','contact_id 2','order_id 2','case_id 2','product_id 2','rep_id 2','2017-01-03','2017-01-03','1.000','1.000','1.000','ü
	Å; --','2017-03-01T08:30:00.250002Z');
CREATE TABLE `tags` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `namespace` TEXT, `name` TEXT, `source` TEXT, `starts_on` TEXT, `record` TEXT, `subject` TEXT, `ends_on` TEXT, `rule` TEXT, `decided_by` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "tags" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'tags 1','plain','plain','manual','2017-01-01','plain','plain','2017-01-01','plain','plain','2017-03-01T08:30:00.250000Z');
INSERT INTO "tags" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'tags 1','華北 ''quoted'' "twice"','華北 ''quoted'' "twice"','rule','2017-01-02',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tags" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'tags 1','ü
	Å; --','ü
	Å; --','manual','2017-01-03','ü
	Å; --','ü
	Å; --','2017-01-03','ü
	Å; --','ü
	Å; --','2017-03-01T08:30:00.250002Z');
CREATE TABLE `targets` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `figure` TEXT, `starts_on` TEXT, `ends_on` TEXT, `amount_amount` TEXT, `amount_currency` TEXT, `value` TEXT, `unit` TEXT, `name` TEXT, `period` TEXT, `calendar` TEXT, `level` TEXT, `is_lower_better` INTEGER, `baseline` TEXT, `rep_id` TEXT, `team_id` TEXT, `territory_id` TEXT, `region` TEXT, `product_id` TEXT, `product_family` TEXT, `customer_id` TEXT, `segment` TEXT, `channel` TEXT, `source` TEXT, `date_basis` TEXT, `attribution` TEXT, `parent_id` TEXT, `replaces_id` TEXT, `reason` TEXT, `approver` TEXT, `set_on` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "targets" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'targets 1','plain','2017-01-01','2017-01-01','12.50','EUR','1','plain','plain','plain','plain','base',1,'1','rep_id 0','team_id 0','territory_id 0','plain','product_id 0','plain','customer_id 0','plain','plain','plain','plain','plain','parent_id 0','replaces_id 0','plain','plain','2017-01-01','2017-03-01T08:30:00.250000Z');
INSERT INTO "targets" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'targets 1','華北 ''quoted'' "twice"','2017-01-02','2017-01-02',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "targets" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'targets 1','ü
	Å; --','2017-01-03','2017-01-03','99999999999999999999.999999999999999999','USD','1.000','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','challenge',1,'1.000','rep_id 2','team_id 2','territory_id 2','ü
	Å; --','product_id 2','ü
	Å; --','customer_id 2','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','ü
	Å; --','parent_id 2','replaces_id 2','ü
	Å; --','ü
	Å; --','2017-01-03','2017-03-01T08:30:00.250002Z');
CREATE TABLE `tasks` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `title` TEXT, `due_on` TEXT, `rep_id` TEXT, `customer_id` TEXT, `lead_id` TEXT, `opportunity_id` TEXT, `target_id` TEXT, `category` TEXT, `quantity` TEXT, `priority` TEXT, `created_on` TEXT, `done_on` TEXT, `cancelled_on` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "tasks" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'tasks 1','plain','2017-01-01','rep_id 0','customer_id 0','lead_id 0','opportunity_id 0','target_id 0','plain','1','plain','2017-01-01','2017-01-01','2017-01-01','2017-03-01T08:30:00.250000Z');
INSERT INTO "tasks" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'tasks 1','華北 ''quoted'' "twice"',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tasks" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'tasks 1','ü
	Å; --','2017-01-03','rep_id 2','customer_id 2','lead_id 2','opportunity_id 2','target_id 2','ü
	Å; --','1.000','ü
	Å; --','2017-01-03','2017-01-03','2017-01-03','2017-03-01T08:30:00.250002Z');
CREATE TABLE `teams` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `name` TEXT, `manager` TEXT, `region` TEXT, `parent_id` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "teams" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'teams 1','plain','plain','plain','parent_id 0');
INSERT INTO "teams" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'teams 1','華北 ''quoted'' "twice"',NULL,NULL,NULL);
INSERT INTO "teams" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02','2017-03-03T08:30:00.250000Z',0,'teams 1','ü
	Å; --','ü
	Å; --','ü
	Å; --','parent_id 2');
INSERT INTO "teams" VALUES(4,4,'2017-03-03T08:30:00.250000Z',NULL,NULL,1,'teams 1',NULL,NULL,NULL,NULL);
CREATE TABLE `territories` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `name` TEXT, `parent_id` TEXT, `region` TEXT, `country` TEXT, `team_id` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "territories" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'territories 1','plain','parent_id 0','plain','plain','team_id 0');
INSERT INTO "territories" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'territories 1','華北 ''quoted'' "twice"',NULL,NULL,NULL,NULL);
INSERT INTO "territories" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'territories 1','ü
	Å; --','parent_id 2','ü
	Å; --','ü
	Å; --','team_id 2');
CREATE TABLE `territory_assignments` (`_version` INTEGER NOT NULL, `_position` INTEGER NOT NULL, `_recorded_at` TEXT NOT NULL, `_effective_on` TEXT, `_until` TEXT, `_is_removed` INTEGER NOT NULL, `id` TEXT, `territory_id` TEXT, `rep_id` TEXT, `starts_on` TEXT, `ends_on` TEXT, `recorded_at` TEXT, PRIMARY KEY (`id`, `_version`)) WITHOUT ROWID;
INSERT INTO "territory_assignments" VALUES(1,1,'2017-03-01T08:30:00.250000Z',NULL,'2017-03-02T08:30:00.250000Z',0,'territory_assignments 1','territory_id 0','rep_id 0','2017-01-01','2017-01-01','2017-03-01T08:30:00.250000Z');
INSERT INTO "territory_assignments" VALUES(2,2,'2017-03-02T08:30:00.250000Z','2017-03-01','2017-03-03T08:30:00.250000Z',0,'territory_assignments 1','territory_id 1','rep_id 1','2017-01-02',NULL,NULL);
INSERT INTO "territory_assignments" VALUES(3,3,'2017-03-03T08:30:00.250000Z','2017-03-02',NULL,0,'territory_assignments 1','territory_id 2','rep_id 2','2017-01-03','2017-01-03','2017-03-01T08:30:00.250002Z');
COMMIT;
