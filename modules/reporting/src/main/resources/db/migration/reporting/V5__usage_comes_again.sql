-- At the customer's: the number of the last batch that was made when everything became new again, because the MSSP's
-- installation had lost some. What went with batches up to it comes with later ones.
alter table reporting.usage_cursor add column rewound_number bigint not null default 0;
