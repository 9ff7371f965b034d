package io.garrison.edge.haproxy;

/** One argument of a directive, by what it is; the encoder alone decides how each kind is written. */
sealed interface Token {

    /** A word of HAProxy's language, written in this package's source; never a value of a policy. */
    record Keyword(String word) implements Token {
        public Keyword {
            Text.require(word.matches("[A-Za-z0-9_.,:;()@/+*!={}|%-]{1,200}"), "keyword");
        }
    }

    /** A name that this package made up. */
    record Identifier(String name) implements Token {
        public Identifier {
            Text.require(name.matches("[a-z]{2,12}(_[0-9a-f]{12})*"), "identifier");
        }
    }

    /** Where to listen or to connect. */
    record Endpoint(Ip ip, int port) implements Token {
        public Endpoint {
            Text.require(port >= 1 && port <= 65_535, "port");
        }

        String text() {
            return ip.isV6() ? "ipv6@[" + ip.text() + "]:" + port : "ipv4@" + ip.text() + ":" + port;
        }
    }

    /** @param unit empty, {@code ms} or {@code s} */
    record Number(long value, String unit) implements Token {
        public Number {
            Text.require(value >= 0 && unit.matches("|ms|s"), "number");
        }
    }

    /** Text that HAProxy takes as it is. */
    record Literal(String value) implements Token {
        public Literal {
            Text.requireClean(value);
        }
    }

    /** Text in a place where HAProxy would interpret {@code %}. */
    record LogLiteral(String value) implements Token {
        public LogLiteral {
            Text.requireClean(value);
        }
    }

    /** A value to compare with. Written after {@code --}, or a leading dash would make it an option of the comparison. */
    record Pattern(String value) implements Token {
        public Pattern {
            Text.requireClean(value);
            // quotes do not help: HAProxy ends the comparison at a lone brace, and the line at an empty word
            Text.require(!value.isEmpty() && !value.equals("}"), "value to compare with");
        }
    }

    /** A log format of this package's source. Tabs are allowed, values of a policy are not. */
    record Format(String format) implements Token {
        public Format {
            Text.requireClean(format.replace('\t', ' '));
        }
    }
}
