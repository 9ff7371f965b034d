package io.garrison.edge.ha.keepalived;

import java.math.BigDecimal;
import java.net.InetAddress;

/** One word of keepalived's language, by what it is. None of them can hold what the language would interpret. */
sealed interface Token {

    /** The word as keepalived shall understand it. */
    String word();

    /** A word of the language, written in this package's source; never a value of a plan. */
    record Keyword(String word) implements Token {
        public Keyword {
            Words.require(word.matches("[a-z_]{1,40}|PASS|BACKUP"), "keyword");
        }
    }

    /** A name that this package made up. */
    record Identifier(String word) implements Token {
        public Identifier {
            Words.require(word.matches("[a-z_]{2,16}(_[0-9a-f]{12})?"), "identifier");
        }
    }

    /** A network device, already looked at by {@link Words#device}. */
    record Device(String word) implements Token {
        public Device {
            Words.require(Words.isDevice(word), "device");
        }
    }

    record Address(InetAddress address) implements Token {
        @Override
        public String word() {
            return address.getHostAddress();
        }
    }

    /** An address with the length of its network's prefix. */
    record Network(InetAddress address, int prefixLength) implements Token {
        public Network {
            Words.require(prefixLength >= 0 && prefixLength <= address.getAddress().length * 8, "prefix length");
        }

        @Override
        public String word() {
            return address.getHostAddress() + "/" + prefixLength;
        }
    }

    record Number(long value) implements Token {
        @Override
        public String word() {
            return Long.toString(value);
        }
    }

    /** A span of time, in seconds with at most three decimals. */
    record Seconds(long millis) implements Token {
        public Seconds {
            Words.require(millis >= 0, "time");
        }

        @Override
        public String word() {
            return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString();
        }
    }

    /** Text between double quotes, where keepalived interprets nothing but the quote and the backslash. */
    record Quoted(String word) implements Token {
        public Quoted {
            Words.require(word.matches("[\\x20-\\x7e&&[^\"\\\\]]{1,512}"), "text");
        }
    }
}
