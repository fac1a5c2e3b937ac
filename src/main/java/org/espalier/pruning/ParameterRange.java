package org.espalier.pruning;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;

/** Which values a {@link MethodParameter} takes, and how to say so. */
public sealed interface ParameterRange {
  /** Stands for a value that the method finds itself, where a range allows it. */
  String AUTO = "auto";

  /** Whether the value, without blanks around it, lies in the range. */
  boolean contains(String value);

  /** The range in words that follow "must be". */
  String words();

  /** One of some words. */
  record Choice(List<String> values) implements ParameterRange {
    public Choice {
      values = List.copyOf(values);
    }

    @Override
    public boolean contains(String value) {
      return values.contains(value);
    }

    @Override
    public String words() {
      return "one of " + String.join(", ", values);
    }
  }

  /** A whole number, both ends included. */
  record Whole(long least, long most) implements ParameterRange {
    private static final Pattern FORM = Pattern.compile("-?\\d{1,18}");

    @Override
    public boolean contains(String value) {
      if (!FORM.matcher(value).matches()) {
        return false;
      }
      long number = Long.parseLong(value);
      return number >= least && number <= most;
    }

    @Override
    public String words() {
      return "a whole number from " + least + " to " + most;
    }
  }

  /** A number, both ends included. */
  record Real(double lowest, double highest) implements ParameterRange {
    private static final Pattern FORM =
        Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

    @Override
    public boolean contains(String value) {
      if (!FORM.matcher(value).matches()) {
        return false;
      }
      double number = Double.parseDouble(value);
      return number >= lowest && number <= highest;
    }

    @Override
    public String words() {
      return "a number from " + plain(lowest) + " to " + plain(highest);
    }

    private static String plain(double number) {
      return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }
  }

  /** A range, or {@link #AUTO}. */
  record OrAuto(ParameterRange range) implements ParameterRange {
    @Override
    public boolean contains(String value) {
      return value.equals(AUTO) || range.contains(value);
    }

    @Override
    public String words() {
      return AUTO + " or " + range.words();
    }
  }
}
