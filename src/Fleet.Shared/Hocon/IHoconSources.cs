namespace Fleet.Shared.Hocon;

/// <summary>Where configuration text comes from: files in a program, a dictionary in a test.</summary>
public interface IHoconSources
{
    HoconText Read(string path);
}

/// <summary>The answer to <see cref="IHoconSources.Read"/>.</summary>
public abstract record HoconText
{
    HoconText() { }

    public sealed record Found(string Text) : HoconText;

    /// <summary>Nothing is there: silent for a plain include, a mistake for a required one.</summary>
    public sealed record Missing : HoconText;

    /// <summary>Something is there but cannot be read as UTF-8 text: always a mistake.</summary>
    public sealed record Unreadable(string Reason) : HoconText;
}
