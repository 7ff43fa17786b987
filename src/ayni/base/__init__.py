"""What every room stands on: units, money, periods, texts, findings, figures, factors, tables in and out."""
