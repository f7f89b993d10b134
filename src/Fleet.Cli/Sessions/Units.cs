using System.CommandLine;
using Fleet.Shared.Config;
using Fleet.Shared.Hocon;

namespace Fleet.Cli.Sessions;

/// <summary>Options whose values are written as in a configuration file: <c>88Gbps</c>, <c>20%</c>, <c>2h</c>.</summary>
internal static class Units
{
    private const long RateMax = 1_000_000_000_000_000_000;

    public static Option<long?> Rate(string name, string description) =>
        Rated(name, description, "RATE", Readings.Rate(1, RateMax), rate => (long?)rate);

    /// <summary>A part of a whole, 0 to 1.</summary>
    public static Option<double?> Part(string name, string description, double min, double max) =>
        Rated(name, description, "PERCENT", Readings.Fraction(min, max), part => (double?)part);

    public static Option<int?> Whole(string name, string description, int min, int max) =>
        Rated(name, description, "N", Readings.Whole(min, max), whole => (int?)whole);

    public static Option<TimeSpan?> Span(string name, string description, TimeSpan min, TimeSpan max) =>
        Rated(name, description, "DURATION", Readings.Duration(min, max), span => (TimeSpan?)span);

    private static Option<TOption> Rated<TValue, TOption>(
        string name, string description, string helpName, Reading<TValue> reading, Func<TValue, TOption> given) =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                var text = result.Tokens is [{ Value: var token }] ? token : "";
                if (reading.Try(new HoconValue.String(text, new HoconOrigin(name, 0)), out var value))
                    return given(value);
                result.AddError($"{name} takes {reading.Allowed}, not '{text}'.");
                return default!;
            },
        };
}
