from django.db import migrations

# The words of a text as a tsvector that serves Chinese as well as English: runs of letters and digits in lower case,
# and of Chinese, Japanese and Korean every two neighbouring characters, so that two of them are found by an index.
# Capitals are made small by a list of our own: what lower() does depends on the locale of the database.
# Dear (COST), so that the planner asks the index and does not cut up a whole table.
# The last character of a run stands alone, too, so that a single one is found as the beginning of a gram.
FUNCTIONS = r"""
CREATE FUNCTION fupan_grams(VARIADIC said text[]) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 5000 AS $$
    WITH whole AS (
        SELECT translate(
            normalize(left(array_to_string(said, ' '), 200000), NFKC),
            'ABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ',
            'abcdefghijklmnopqrstuvwxyzàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ'
        ) AS words
    )
    SELECT coalesce(array_to_tsvector(array_agg(DISTINCT gram)), ''::tsvector)
    FROM (
        SELECT left(word[1], 60) AS gram
        FROM whole, regexp_matches(words, '[a-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u03ff\u0400-\u04ff]+', 'g') AS word
        UNION ALL
        SELECT substr(run[1], place, 2)
        FROM whole,
            regexp_matches(words, '[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+', 'g') AS run,
            generate_series(1, char_length(run[1])) AS place
    ) AS grams
$$;
-- An index is built with an empty search path; this one calls the other by name.
CREATE FUNCTION fupan_grams(said jsonb) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10000 SET search_path FROM CURRENT AS $$
    SELECT fupan_grams(coalesce(
        (SELECT string_agg(part #>> '{}', ' ')
         FROM jsonb_path_query(said, 'strict $.** ? (@.type() == "string")') AS part),
        ''
    ))
$$;
"""
GONE = "DROP FUNCTION fupan_grams(jsonb); DROP FUNCTION fupan_grams(VARIADIC text[]);"


class Migration(migrations.Migration):
    dependencies = [("core", "0004_company")]

    operations = [migrations.RunSQL(FUNCTIONS, GONE)]
